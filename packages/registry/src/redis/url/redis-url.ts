import type { RedisTarget } from './redis-target.ts';
import { credentialsFrom, parseEndpoint, RedisUrlFault, redisUrlForms, splitRedisUrl } from './redis-url-grammar.ts';
import { tlsSettings } from './tls-settings.ts';

/** Splits REDIS_URL into the URLs of its registries. White space separates the URLs, because a URL may contain commas. */
export function parseRedisUrls(text: string): string[] {
  return text.split(/\s+/).filter((part) => part !== '');
}

/**
 * Returns the first fault of each URL in REDIS_URL, with its position when there are several URLs; undefined when all are valid. The text
 * quotes no part of the URLs. The function also checks that the files in the URLs can be read.
 */
export function findRedisUrlFault(text: string): string | undefined {
  const urls = parseRedisUrls(text);
  if (urls.length === 0) return findFault('');
  const faults = urls.flatMap((url, index) => {
    const fault = findFault(url) ?? (urls.indexOf(url) < index ? 'repeats an earlier URL' : undefined);
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
 * Parses one URL of REDIS_URL.
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
          `several hosts: expected one host, or the form ${redisUrlForms.sentinel.text} or ${redisUrlForms.cluster.text}`,
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

/** Whether all servers in one URL of REDIS_URL are on this host. Sentinels and cluster nodes may name further servers, on other hosts too. */
export function isLoopbackUrl(text: string): boolean {
  const target = parseRedisUrl(text);
  const hosts =
    target.kind === 'single'
      ? [target.primary, ...(target.replica === undefined ? [] : [target.replica])]
      : target.kind === 'sentinel'
        ? target.sentinels
        : target.seeds;
  return hosts.every(({ host }) => /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i.test(host));
}

function readsReplica(query: URLSearchParams): boolean {
  const read = query.get('read') ?? 'primary';
  if (read !== 'primary' && read !== 'replica') throw new RedisUrlFault('"read" must be "primary" or "replica"');
  return read === 'replica';
}
