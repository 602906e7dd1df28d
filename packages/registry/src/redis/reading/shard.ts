import type { Redis } from 'ioredis';
import { RegistryError } from '../../registry-error.ts';
import { pipelineRepliesFrom, scanPageFrom, wholeNumberFrom } from '../replies.ts';

/** The length of a value, bytes; 0 for a missing key. `wrong_type`: the key holds no string. */
export type ValueLength = number | 'wrong_type';

/** Takes the keys of one page of SCAN, which may list a key twice. */
export type TakeNames = (names: readonly string[]) => void;

/** A server that holds all nodes or a part of them. Calls reject with a RegistryError only. */
export interface Shard {
  /** Changes when another server answers. */
  readonly serverId: string | undefined;
  /** Lists the keys on this server that match a glob. */
  readonly listNames: (glob: string, take: TakeNames) => Promise<void>;
  /** Reads the values of these keys, also of keys that have moved to another shard; null for a missing key. */
  readonly values: (names: readonly string[]) => Promise<(string | null)[]>;
  readonly lengths: (names: readonly string[]) => Promise<ValueLength[]>;
  /** Reads the time until each key expires, ms; -1 for a key that never expires. Undefined: Redis does not permit PTTL. */
  readonly ttls: (names: readonly string[]) => Promise<readonly number[] | undefined>;
}

/** Keys per command, so that no single command blocks Redis: at 4 KiB each, a reply has 2 MiB. */
export const batchSize = 512;

/** Divides keys into batches for one command each. */
export function batchesOf(names: readonly string[]): (readonly string[])[] {
  return Array.from({ length: Math.ceil(names.length / batchSize) }, (_, index) =>
    names.slice(index * batchSize, (index + 1) * batchSize),
  );
}

/**
 * The longest time for one SCAN of all keys, ms. Redis lists a million keys in less than a second. A longer time delays the report of a server
 * whose SCAN never ends. With a shorter time, a slow server with many other keys cannot be read.
 */
const scanMaxMs = 20_000;

/** Lists the keys that match a glob with SCAN. KEYS would block Redis. */
export async function scanNames(
  redis: Redis,
  glob: string,
  take: TakeNames,
  monotonicNowMs = () => performance.now(),
): Promise<void> {
  const endsAtMs = monotonicNowMs() + scanMaxMs;
  let cursor = '0';
  do {
    if (monotonicNowMs() > endsAtMs) {
      throw new RegistryError('unavailable', `Redis is not available: SCAN did not end within ${scanMaxMs / 1000} s`, {
        fault: 'endless_scan',
      });
    }
    // Each SCAN call needs the cursor of the call before.
    const [next, names] = scanPageFrom(await redis.scan(cursor, 'MATCH', glob, 'COUNT', batchSize));
    take(names);
    cursor = next;
  } while (cursor !== '0');
}

/** Reads the lengths of the strings. A key that has moved has the length 0. Rejects with ioredis' errors or a RegistryError. */
export async function readLengths(redis: Redis, names: readonly string[]): Promise<ValueLength[]> {
  const pipeline = redis.pipeline();
  for (const name of names) pipeline.strlen(name);
  return pipelineRepliesFrom('STRLEN', await pipeline.exec(), names.length).map(([error, length]) => {
    if (error === null) return wholeNumberFrom('STRLEN', length);
    if (isWrongType(error)) return 'wrong_type';
    if (isRedirection(error)) return 0;
    throw error;
  });
}

/** Reads the time until each key expires. Rejects with ioredis' errors or a RegistryError. */
export async function readTtls(redis: Redis, names: readonly string[]): Promise<readonly number[] | undefined> {
  const pipeline = redis.pipeline();
  for (const name of names) pipeline.pttl(name);
  const replies = pipelineRepliesFrom('PTTL', await pipeline.exec(), names.length);
  if (replies.some(([error]) => error !== null && /^(?:NOPERM|ERR unknown command)\b/.test(error.message))) {
    return undefined;
  }
  return replies.map(([error, ttlMs]) => {
    if (error === null) return wholeNumberFrom('PTTL', ttlMs, -2);
    if (isRedirection(error)) return 0;
    throw error;
  });
}

/** Whether the key holds no string, hence no report. */
export function isWrongType({ message }: Error): boolean {
  return /^WRONGTYPE\b/.test(message);
}

/** Whether the error concerns a single key, which has moved to another server of the cluster. */
export function isRedirection({ message }: Error): boolean {
  return /^(?:MOVED|ASK|TRYAGAIN)\b/.test(message);
}
