import { createManualClock, startRedis } from '@turn-router/testing';
import { Redis } from 'ioredis';
import type { FollowedReading } from '../../nodes/node-registry.ts';
import { createFleetReader } from './fleet-reader.ts';
import { readLengths, readTtls, scanNames, type Shard } from './shard.ts';

export const report = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, public_ip: '192.0.2.50', port: 3478 };
export const text = JSON.stringify(report);
export const nameOf = (id: string) => `turn:node:eu-central-1:${id}`;

export type Shards = AsyncDisposable & {
  readonly redis: Redis;
  /** Opens a shard that holds all nodes and logs its calls. */
  readonly open: (changes?: Partial<Shard>) => { readonly shard: Shard; readonly asked: () => string[] };
};

/** Starts a Redis server for shards. */
export async function startShards(): Promise<Shards> {
  const server = await startRedis();
  const redis = new Redis(server.url);
  return {
    redis,
    open: (changes = {}) => openShard(redis, changes),
    async [Symbol.asyncDispose]() {
      redis.disconnect();
      await server.stop();
    },
  };
}

function openShard(redis: Redis, changes: Partial<Shard>): ReturnType<Shards['open']> {
  const asked: string[] = [];
  const note = (what: string, names: readonly string[]) => {
    asked.push(...names.map((name) => `${what} ${name.split(':').at(-1)}`));
  };
  const shard: Shard = {
    serverId: 'a',
    listNames: (glob, take) => scanNames(redis, glob, take),
    values: (names) => {
      note('value', names);
      return redis.mget([...names]);
    },
    lengths: (names) => {
      note('length', names);
      return readLengths(redis, names);
    },
    ttls: (names) => {
      note('ttl', names);
      return readTtls(redis, names);
    },
    ...changes,
  };
  return { shard, asked: () => asked.splice(0) };
}

export const openReader = ({ recordsMax = 1_000, clock = createManualClock() } = {}) =>
  createFleetReader({ recordsMax, monotonicNowMs: clock.now });

export const idsOf = ({ records }: { records: readonly { key: { id: string } }[] }) =>
  records.map(({ key }) => key.id).toSorted();

export const changesOf = ({ changed, gone }: FollowedReading) => ({
  changed: changed.map(({ key, report: { cpu } }) => `${key.id} ${cpu}`).toSorted(),
  gone: gone.map(({ id }) => id).toSorted(),
});
