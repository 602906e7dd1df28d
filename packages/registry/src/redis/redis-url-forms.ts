import type { RedisTarget } from './redis-target.ts';

export type RedisUrlForm = {
  /** With "s" after "redis", the same over TLS. */
  readonly scheme: string;
  /** Shown to people. */
  readonly text: string;
  readonly defaultPort: number;
  readonly path: { readonly pattern: RegExp; readonly fault: string };
  /** What may stand after "?" besides `ca` and `servername`, which every TLS form takes. */
  readonly parameters: readonly string[];
};

/** The ways to write where a Redis is. */
export const redisUrlForms: Readonly<Record<RedisTarget['kind'], RedisUrlForm>> = {
  single: {
    scheme: 'redis',
    text: 'redis://[user:password@]host[:port][/database]',
    defaultPort: 6379,
    path: { pattern: /^\/?(?<database>\d{0,4})$/, fault: 'the database is not a number' },
    parameters: ['replica'],
  },
  sentinel: {
    scheme: 'redis+sentinel',
    text: 'redis+sentinel://[user:password@]host:port,host:port/name[/database]',
    defaultPort: 26_379,
    path: {
      pattern: /^\/(?<name>[A-Za-z0-9._-]+)(?:\/(?<database>\d{0,4}))?$/,
      fault: 'after the sentinels stands no name of a primary, or no number of a database after that',
    },
    parameters: ['read', 'sentinelUser', 'sentinelPassword'],
  },
  cluster: {
    scheme: 'redis+cluster',
    text: 'redis+cluster://[user:password@]host:port,host:port',
    defaultPort: 6379,
    path: { pattern: /^\/?$/, fault: 'a cluster has one database only' },
    parameters: ['read'],
  },
};
