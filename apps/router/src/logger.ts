import { pino, type DestinationStream, type Logger } from 'pino';
import { hideSecrets } from './hide-secrets.ts';

export type { Logger };

/**
 * JSON lines on stdout. Nobody hands it a secret or a credential; hiding them is the second lock, for the day somebody logs a whole
 * request, answer or configuration.
 */
export function createLogger(level: string, destination: DestinationStream = pino.destination(1)): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { log: hideSecrets } },
    destination,
  );
}
