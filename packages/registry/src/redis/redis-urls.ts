import { readCaFile } from './read-ca-file.ts';
import { parseRedisUrl } from './parse-redis-url.ts';
import { RedisUrlFault } from './redis-url-fault.ts';

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
    if (tls?.caFile !== undefined) readCaFile(tls.caFile);
    return undefined;
  } catch (error) {
    if (error instanceof RedisUrlFault) return error.message;
    throw error;
  }
}
