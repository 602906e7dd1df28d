import type { FieldFault } from '@turn-router/contract/http';
import { findRedisUrlFault, parseRedisUrl, parseRedisUrls, type SingleTarget } from '@turn-router/registry';
import type { Settings } from '@turn-router/settings';
import { z } from 'zod';

/** The setting for the Redis from which a coturn with `redis-userdb` reads its secrets. */
export const coturnRedisSettings = {
  COTURN_REDIS_URL: {
    meaning:
      'The Redis from which coturn reads its secrets. "config coturn" needs the user of coturn, "secrets store" a user that may write the secrets',
    expected: 'the Redis of coturn, redis://[user:password@]host[:port][/database]',
    schema: z.string(),
    secret: true,
    required: true,
  },
} as const satisfies Settings;

/** The form of the URL has been checked by `findCoturnRedisFault`. */
export function parseCoturnRedis(url: string): SingleTarget {
  const target = parseRedisUrl(url);
  // Unreachable, because findCoturnRedisFault has rejected other forms. The check is for the compiler.
  if (target.kind !== 'single') throw new TypeError('The URL names several servers');
  return target;
}

/** Returns a fault if coturn cannot connect to this Redis. The fault quotes no part of the URL. */
export function findCoturnRedisFault({ COTURN_REDIS_URL: url }: { COTURN_REDIS_URL?: string }): FieldFault[] {
  const detail = url === undefined ? undefined : (findRedisUrlFault(url) ?? unsupportedIn(url));
  return detail === undefined ? [] : [{ field: 'COTURN_REDIS_URL', detail }];
}

function unsupportedIn(url: string): string | undefined {
  const count = parseRedisUrls(url).length;
  if (count > 1) return `this setting names ${count} servers: expected one server, because coturn connects to only one`;
  const target = parseRedisUrl(url);
  if (target.kind !== 'single')
    return 'this URL names several servers: expected one server, redis://…, because coturn connects to only one';
  if (target.tls !== undefined)
    return 'this URL asks for TLS: expected redis://…, because not every coturn supports TLS; use a Redis on the host of coturn';
  if (target.replica !== undefined)
    return 'this URL names a replica: expected one server, because coturn connects to only one';
  return undefined;
}
