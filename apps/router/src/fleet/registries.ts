import { join } from 'node:path';
import {
  createMemoryRegistry,
  createRedisRegistry,
  openSnapshotStore,
  parseRedisUrls,
  type FleetSourceParts,
  type LimitLedger,
  type NodeRegistry,
} from '@turn-router/registry';
import type { Logger } from '../observe/logger.ts';
import type { World } from '../world.ts';

/** Figures in a snapshot fade anyway, so this trades disk wear (6 MB a write at 10 000 nodes) against knowing the newest nodes after a crash. */
const saveIntervalMs = 15_000;

export type RegistriesOptions = {
  /** REDIS_URL; undefined: the registry is embedded in this process. */
  readonly redisUrls: string | undefined;
  /** Where last good snapshots are kept; undefined: nowhere. */
  readonly stateDir: string | undefined;
  /** Of several processes one writes there; all read. */
  readonly writesState: boolean;
};

export type RegistriesParts = Pick<World, 'nowMs' | 'monotonicNowMs' | 'random'> & { readonly logger: Logger };

type RegistrySource = FleetSourceParts & { readonly registry: NodeRegistry };

/** The registries of this router, by the names that log and metrics give them. */
export interface Registries extends AsyncDisposable {
  /** At least one. */
  readonly sources: readonly RegistrySource[];
  /** Where all routers add up what they let through: the first registry of REDIS_URL. Undefined: there is one router. */
  readonly ledger: LimitLedger | undefined;
}

/** Opens every registry, each with its snapshot on disk if there is a place for it. Connects in the background. */
export function openRegistries(
  { redisUrls, stateDir, writesState }: RegistriesOptions,
  parts: RegistriesParts,
): Registries {
  const { nowMs, monotonicNowMs, random, logger } = parts;
  const inRedis = (redisUrls === undefined ? [] : parseRedisUrls(redisUrls)).map((url, index) => ({
    name: `redis-${index + 1}`,
    registry: createRedisRegistry({ url, name: 'turn-router', random, monotonicNowMs }),
  }));
  const opened: readonly { name: string; registry: NodeRegistry }[] =
    redisUrls === undefined ? [{ name: 'embedded', registry: createMemoryRegistry(monotonicNowMs) }] : inRedis;
  const sources = opened.map(({ name, registry }) => {
    if (stateDir === undefined) return { name, registry };
    const store = openSnapshotStore(
      join(stateDir, `registry-${name}.ndjson`),
      {
        onWriteFailed: ({ code, detail }) =>
          logger.warn(
            { event: 'snapshot.save_failed', registry: name, fault: code, detail },
            'cannot write the snapshot to STATE_DIR: the copy there is outdated',
          ),
        onWriteRecovered: () =>
          logger.info({ event: 'snapshot.saved', registry: name }, 'snapshot written to STATE_DIR again'),
      },
      { nowMs, intervalMs: saveIntervalMs },
    );
    return { name, registry, store: writesState ? store : { ...store, save: () => undefined } };
  });
  return {
    sources,
    ledger: inRedis[0]?.registry,
    async [Symbol.asyncDispose]() {
      await Promise.all(sources.flatMap(({ store }) => (store === undefined ? [] : [store[Symbol.asyncDispose]()])));
      await Promise.all(sources.map(({ registry }) => registry[Symbol.asyncDispose]()));
    },
  };
}
