import type { Cluster, Redis } from 'ioredis';
import type { EntryReplacement } from './hash-store.ts';

/** A larger hash is refused: reading it more than once a second would block Redis and the router. */
export const entriesMax = 10_000;

/** A field that keeps the hash in place when the last entry is removed. So an empty hash can be distinguished from a lost one. */
export const markerField = '#';

/**
 * Replaces entries atomically. If two writers change an entry at the same time, the second one fails.
 *
 * ARGV: the marker; `1` if the hash must exist; then name, expected and next of each entry. An empty string stands for no entry. Returns 1 when
 * replaced, 0 when a current entry is not the expected one or the hash does not exist, -1 when the hash is full.
 */
const replaceScript = `
local count = redis.call('HLEN', KEYS[1])
if count == 0 and ARGV[2] == '1' then return 0 end
local added = 0
for i = 3, #ARGV, 3 do
  local current = redis.call('HGET', KEYS[1], ARGV[i]) or ''
  if current ~= ARGV[i + 1] then return 0 end
  if current == '' and ARGV[i + 2] ~= '' then added = added + 1 end
  if current ~= '' and ARGV[i + 2] == '' then added = added - 1 end
end
local marked = redis.call('HGET', KEYS[1], '${markerField}') and 1 or 0
if added > 0 and count - marked + added > ${entriesMax} then return -1 end
redis.call('HSETNX', KEYS[1], '${markerField}', ARGV[1])
for i = 3, #ARGV, 3 do
  if ARGV[i + 2] == '' then redis.call('HDEL', KEYS[1], ARGV[i]) else redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 2]) end
end
return 1
`;

export type ReplacedHash = {
  readonly key: string;
  /** The value of `markerField`. */
  readonly marker: string;
  /** Whether to replace nothing if the hash does not exist. */
  readonly mustExist: boolean;
};

export function replaceEntries(
  redis: Redis | Cluster,
  { key, marker, mustExist }: ReplacedHash,
  replacements: readonly EntryReplacement[],
): Promise<unknown> {
  const entries = replacements.flatMap(({ name, expected, next }) => [name, expected ?? '', next ?? '']);
  return redis.eval(replaceScript, 1, key, marker, mustExist ? '1' : '', ...entries);
}
