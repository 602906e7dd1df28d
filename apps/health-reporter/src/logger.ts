import { pino, type Logger } from 'pino';
import type { NodeKey } from '@turn-router/contract/registry';

export type { Logger };

/** JSON lines on stdout, each naming the node where there is one. Nobody hands it a secret, a token or a credential; a test reads every line for them. */
export function createLogger(level: string, key?: NodeKey): Logger {
  const base = key === undefined ? {} : { region: key.region, node: key.id };
  return pino({ level, base, timestamp: pino.stdTimeFunctions.isoTime });
}
