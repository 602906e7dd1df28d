import { Redis } from 'ioredis';
import { RegistryError } from './registry-error.ts';

export type RedisConnectionOptions = {
  /** `redis://` or `rediss://`, with user, password and database as needed. */
  url: string;
  /** How this client is called in `CLIENT LIST`. */
  name: string;
  /** Uniform in [0, 1): spreads the reconnects of many replicas. */
  random: () => number;
  /** How long one command may take, ms. Default 1000: twice a refresh, far above any healthy answer. */
  commandTimeoutMs?: number;
};

export type RedisConnection = {
  readonly redis: Redis;
  /** Runs commands; whatever goes wrong comes out as a RegistryError. */
  readonly run: <T>(commands: () => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
};

/** Reconnect after 50 ms, then doubling up to this, ms: back within about a second of Redis' return, without a storm. */
const reconnectMaxMs = 1000;

/**
 * Connects in the background, for ever. Every setting below is against a default that hangs: with ioredis' own, a refused connection
 * shows after 73 s and a silent server never.
 */
export function connectToRedis(options: RedisConnectionOptions): RedisConnection {
  const { url, name, random, commandTimeoutMs = 1000 } = options;
  const redis = new Redis(url, {
    connectionName: name,
    connectTimeout: commandTimeoutMs,
    commandTimeout: commandTimeoutMs,
    // A half-open connection is given up when it owes an answer for this long; the next command finds a new one.
    socketTimeout: 2 * commandTimeoutMs,
    // A command either goes out now or fails now: old reports are worth nothing, and a queue would grow for as long as Redis is away.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (attempt) => Math.min(reconnectMaxMs, 50 * 2 ** (attempt - 1)) * (0.5 + random() / 2),
  });
  let connectionFault: Error | undefined;
  redis.on('error', (error: Error) => {
    connectionFault = error;
  });
  redis.on('ready', () => {
    connectionFault = undefined;
  });

  // The very first commands wait for the connection to stand, to fail or to be given up.
  const firstContact = new Promise<void>((resolve) => {
    for (const event of ['ready', 'error', 'end']) redis.once(event, () => resolve());
  });

  return {
    redis,
    async run(commands) {
      await firstContact;
      try {
        return await commands();
      } catch (error) {
        throw registryErrorFrom(connectionFault ?? error);
      }
    },
    close() {
      redis.disconnect();
      return Promise.resolve();
    },
  };
}

/** Keeps of an error only its code: Redis' messages may quote commands, the system's name addresses. */
function registryErrorFrom(cause: unknown): RegistryError {
  const {
    name,
    code = 'no answer in time',
    message = '',
  } = (cause ?? {}) as { name?: string; code?: string; message?: string };
  return name === 'ReplyError'
    ? new RegistryError('refused', `Redis refused the command: ${/^[A-Z]+/.exec(message)?.[0] ?? 'ERR'}`, { cause })
    : new RegistryError('unavailable', `Redis is not available: ${code}`, { cause });
}
