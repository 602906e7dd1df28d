import { join } from 'node:path';
import {
  createMemoryProofs,
  createMemoryRegistry,
  createRedisRegistry,
  isLoopbackUrl,
  openSnapshotStore,
  parseRedisUrls,
  type FleetSourceParts,
  type LimitLedger,
  type NodeRegistry,
  type ProofStore,
} from '@turn-router/registry';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { World } from '../world.ts';
import type { ClockSource } from './own-clock.ts';
import { createProofDoor, type ProofDoor } from './proof-door.ts';

/**
 * Interval between two writes of the snapshot, ms. If it is shorter, the disk wears more (6 MB per write at 10 000 nodes). If it is longer, the
 * newest nodes are missing after a crash. The figures in a snapshot are soon outdated anyway.
 */
const saveIntervalMs = 15_000;

export type RegistriesOptions = {
  /** REDIS_URL. Undefined: the registry is embedded in this process. */
  readonly redisUrls: string | undefined;
  /** The directory of the saved snapshots. Undefined: snapshots are not saved. */
  readonly stateDir: string | undefined;
  /** Whether this process writes to the directory. If there are several processes, one writes and all read. */
  readonly writesState: boolean;
  /** REGISTRY_MAX_RECORDS. Undefined: the default of the registry package. */
  readonly recordsMax?: number | undefined;
};

export type RegistriesParts = Pick<World, 'nowMs' | 'monotonicNowMs' | 'random'> & {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'useUnsaved'>;
};

type RegistrySource = FleetSourceParts & { readonly registry: NodeRegistry };

/** The registries of this router. Each has its name in log and metrics. */
export interface Registries extends AsyncDisposable {
  /** At least one. */
  readonly sources: readonly RegistrySource[];
  /**
   * The ledger for shared rate limits: the count of calls that all routers share. It is in the first registry of REDIS_URL. Undefined: this is the
   * only router.
   */
  readonly ledger: LimitLedger | undefined;
  /** The proofs of probers in each registry. */
  readonly proofs: readonly { readonly name: string; readonly store: ProofStore }[];
  /** The registries in Redis, whose clocks can be read. */
  readonly clocks: readonly ClockSource[];
  /** The proofs, for probers that have no access to the registries. */
  readonly proofDoor: ProofDoor;
}

/** Opens every registry, with its saved snapshot if there is a state directory. Connects to the registries in the background. */
export function openRegistries(
  { redisUrls, stateDir, writesState, recordsMax }: RegistriesOptions,
  parts: RegistriesParts,
): Registries {
  const { nowMs, monotonicNowMs, random, logger, metrics } = parts;
  const common = { random, monotonicNowMs, ...(recordsMax === undefined ? {} : { recordsMax }) };
  const inRedis = (redisUrls === undefined ? [] : parseRedisUrls(redisUrls)).map((url, index) => ({
    name: `redis-${index + 1}`,
    isLocal: isLoopbackUrl(url),
    registry: createRedisRegistry({ ...common, url, name: 'turn-router' }),
    // Reporters may name proofs as they like. A reply that is too large closes its connection, so the records have another one.
    proofRegistry: createRedisRegistry({ ...common, url, name: 'turn-router-proofs' }),
  }));
  const opened: readonly { name: string; isLocal: boolean; registry: NodeRegistry }[] =
    redisUrls === undefined
      ? [{ name: 'embedded', isLocal: true, registry: createMemoryRegistry(monotonicNowMs, recordsMax) }]
      : inRedis;
  const proofStores =
    redisUrls === undefined
      ? [{ name: 'embedded', store: createMemoryProofs(monotonicNowMs) }]
      : inRedis.map(({ name, proofRegistry: { proofs: store } }) => ({ name, store }));
  const sources = opened.map(({ name, isLocal, registry }) => {
    if (stateDir === undefined) return { name, isLocal, registry };
    const file = `registry-${name}`;
    if (writesState) metrics.useUnsaved(file, false);
    const store = openSnapshotStore(
      join(stateDir, `${file}.ndjson`),
      {
        onWriteFailed({ code, detail }) {
          metrics.useUnsaved(file, true);
          logger.warn(
            { event: 'snapshot.save_failed', registry: name, fault: code, detail },
            'cannot write the snapshot to STATE_DIR: the stored copy is outdated',
          );
        },
        onWriteRecovered() {
          metrics.useUnsaved(file, false);
          logger.info({ event: 'snapshot.saved', registry: name }, 'snapshot can be written to STATE_DIR again');
        },
        onSetAside: (savedAs, { code, detail }) =>
          logger.warn(
            { event: 'state.file_set_aside', file, savedAs, fault: code, detail },
            'renamed a damaged file in STATE_DIR, so that it is not overwritten',
          ),
      },
      { nowMs, intervalMs: saveIntervalMs },
    );
    return { name, isLocal, registry, store: writesState ? store : { ...store, save: () => undefined } };
  });
  return {
    sources,
    ledger: inRedis[0]?.registry,
    proofs: proofStores,
    clocks: inRedis.map(({ name, registry }) => ({ name, readClock: () => registry.readClock() })),
    proofDoor: createProofDoor(proofStores.map(({ store }) => store)),
    async [Symbol.asyncDispose]() {
      await Promise.all(sources.flatMap(({ store }) => (store === undefined ? [] : [store[Symbol.asyncDispose]()])));
      await Promise.all(opened.map(({ registry }) => registry[Symbol.asyncDispose]()));
      await Promise.all(inRedis.map(({ proofRegistry }) => proofRegistry[Symbol.asyncDispose]()));
    },
  };
}
