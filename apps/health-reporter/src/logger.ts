import type { EventLogger, ReporterEvent } from '@turn-router/contract/events';
import type { NodeKey } from '@turn-router/contract/registry';
import { pino } from 'pino';

/** The reporter's log. Its type refuses a line without a documented event. */
export interface Logger extends EventLogger<ReporterEvent> {
  /** Returns a logger that adds these fields to every line. */
  readonly child: (fields: Readonly<Record<string, unknown>>) => Logger;
}

/**
 * Creates a logger that writes JSON lines to stdout. Each line names the node, if there is one. Callers never pass a secret, a token or a
 * credential; a test reads every line for them.
 */
export function createLogger(level: string, key?: NodeKey): Logger {
  const base = key === undefined ? {} : { region: key.region, node: key.id };
  return pino({ level, base, timestamp: pino.stdTimeFunctions.isoTime });
}
