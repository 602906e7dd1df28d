import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger };

/**
 * JSON lines on stdout. Nobody hands it a secret or a credential; the redaction is the second lock, for the day somebody logs a whole
 * request, answer or configuration.
 */
export function createLogger(level: string, destination: DestinationStream = pino.destination(1)): Logger {
  const secrets = ['authorization', 'cookie', 'credential', 'username', 'secret', 'password', 'token', 'redisUrl'];
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' },
    },
    destination,
  );
}
