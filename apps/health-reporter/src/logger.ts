import { pino } from 'pino';
import type { EventLogger, ReporterEvent } from '@turn-router/contract/events';
import type { NodeKey } from '@turn-router/contract/registry';

/** A logger that accepts only the events in packages/contract/src/events/reporter-events.ts. */
export type Logger = EventLogger<ReporterEvent>;

/** The logger of the program. It creates a logger for each node of a fleet. */
export interface ProgramLogger extends Logger {
  child(fields: { readonly region: string; readonly node: string }): Logger;
}

/** Creates a logger that writes JSON lines to stdout. With `key`, each line names the node. Callers must not log a secret, token or credential. A test checks this. */
export function createLogger(level: string, key?: NodeKey): ProgramLogger {
  const base = key === undefined ? {} : { region: key.region, node: key.id };
  return pino({ level, base, timestamp: pino.stdTimeFunctions.isoTime });
}
