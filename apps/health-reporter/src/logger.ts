import { pino, type Logger } from 'pino';
import type { NodeKey } from '@turn-router/contract';

export type { Logger };

/** JSON lines on stdout, each naming the node. Nobody hands it a secret, a token or a credential; a test reads every line for them. */
export function createLogger(level: string, { region, id }: NodeKey): Logger {
  return pino({ level, base: { region, node: id }, timestamp: pino.stdTimeFunctions.isoTime });
}
