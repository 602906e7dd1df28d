import type { RedisTarget } from './redis-target.ts';
import { credentialsFrom, parseEndpoint, RedisUrlFault, redisUrlForms, splitRedisUrl } from './redis-url-grammar.ts';
import { tlsSettings } from './tls-settings.ts';

/** The URLs in REDIS_URL, each of a registry of its own: they stand apart by white space, since a URL may hold commas. */
export function parseRedisUrls(text: string): string[] {
  return text.split(/\s+/).filter((part) => part !== '');
}

/**
 * What is wrong with a REDIS_URL, or undefined; the first fault of each of its URLs, by its position where there are several. Says nothing
 * of what the URLs hold. Looks whether the files that they name can be read.
 */
export function findRedisUrlFault(text: string): string | undefined {
  const urls = parseRedisUrls(text);
  if (urls.length === 0) return findFault('');
  const faults = urls.flatMap((url, index) => {
    const fault = findFault(url) ?? (urls.indexOf(url) < index ? 'the same as one before' : undefined);
    if (fault === undefined) return [];
    return urls.length === 1 ? [fault] : [`URL ${index + 1} of ${urls.length}: ${fault}`];
  });
  return faults.length === 0 ? undefined : faults.join('; ');
}

function findFault(url: string): string | undefined {
  try {
    const { tls } = parseRedisUrl(url);
    if (tls !== undefined) tlsSettings(tls);
    return undefined;
  } catch (error) {
    if (error instanceof RedisUrlFault) return error.message;
    throw error;
  }
}

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
