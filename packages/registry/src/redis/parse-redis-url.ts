import { parseEndpoint } from './parse-endpoints.ts';
import type { RedisTarget } from './redis-target.ts';
import { RedisUrlFault } from './redis-url-fault.ts';
import { redisUrlForms } from './redis-url-forms.ts';
import { credentialsFrom, splitRedisUrl } from './split-redis-url.ts';

/**
 * Reads one URL of REDIS_URL.
 *
 * @throws RedisUrlFault
 */
export function parseRedisUrl(text: string): RedisTarget {
  const { kind, credentials, tls, endpoints, path, query } = splitRedisUrl(text);
  const database = Number(path['database'] ?? 0);
  switch (kind) {
    case 'single': {
      const [primary, ...others] = endpoints;
      if (primary === undefined || others.length > 0) {
        throw new RedisUrlFault(
          `several hosts: expected one, or ${redisUrlForms.sentinel.text} or ${redisUrlForms.cluster.text}`,
        );
      }
      const replica = query.get('replica');
      const { defaultPort } = redisUrlForms.single;
      return {
        kind,
        credentials,
        tls,
        database,
        primary,
        replica: replica === null ? undefined : parseEndpoint(replica, defaultPort),
      };
    }
    case 'sentinel':
      return {
        kind,
        credentials,
        tls,
        database,
        sentinels: endpoints,
        sentinelCredentials: credentialsFrom(query.get('sentinelUser'), query.get('sentinelPassword')),
        primaryName: path['name'] ?? '',
        readsReplica: readsReplica(query),
      };
    case 'cluster':
      return { kind, credentials, tls, seeds: endpoints, readsReplica: readsReplica(query) };
  }
}

function readsReplica(query: URLSearchParams): boolean {
  const read = query.get('read') ?? 'primary';
  if (read !== 'primary' && read !== 'replica') throw new RedisUrlFault('read is neither primary nor replica');
  return read === 'replica';
}
