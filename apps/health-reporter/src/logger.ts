import { pino } from 'pino';
import type { EventLogger, ReporterEvent } from '@turn-router/contract/events';
import type { NodeKey } from '@turn-router/contract/registry';

/** Takes only lines with an event that packages/contract/src/events/reporter-events.ts documents. */
export type Logger = EventLogger<ReporterEvent>;

/** The logger of the program, which makes one for each node of a fleet. */
export interface ProgramLogger extends Logger {
  child(fields: { readonly region: string; readonly node: string }): Logger;
}

/** Writes JSON lines to stdout; with `key`, each line names the node. Callers pass no secret, token or credential: a test checks every line. */
export function createLogger(level: string, key?: NodeKey): ProgramLogger {
  const base = key === undefined ? {} : { region: key.region, node: key.id };
  return pino({ level, base, timestamp: pino.stdTimeFunctions.isoTime });
}
