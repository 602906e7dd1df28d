import { pino, type DestinationStream, type Logger } from 'pino';
import { hideSecrets } from './hide-secrets.ts';

export type { Logger };

/** What is written to a pipe in one piece of at most this length stays in one piece (Linux, pipe(7)): workers share one. Bytes. */
const pieceMaxBytes = 4096;

/** A line waits at most this long for others to be written with it, ms. */
const flushIntervalMs = 100;

/** When nobody takes the lines away, this much waits, bytes; later lines are lost. Callers are worth more than their log. */
const waitingMaxBytes = 8 * 1024 * 1024;

/**
 * JSON lines on stdout. Nobody hands it a secret or a credential; hiding them is the second lock, for the day somebody logs a whole
 * request, answer or configuration.
 */
export function createLogger(level: string, destination: DestinationStream = gatheredStdout()): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { log: hideSecrets } },
    destination,
  );
}

/** Several lines a write, as writing each one cost more than making it; pino writes what still waits when the process exits. */
function gatheredStdout(): DestinationStream {
  return pino.destination({
    dest: 1,
    sync: false,
    minLength: pieceMaxBytes - 1,
    maxWrite: pieceMaxBytes,
    maxLength: waitingMaxBytes,
    periodicFlush: flushIntervalMs,
  });
}
