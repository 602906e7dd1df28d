import { nodeReportMaxBytes } from '@turn-router/contract/registry';
import type { FollowedReading, NodeRecord, RejectedRecord } from '../../nodes/node-registry.ts';
import { RegistryError } from '../../registry-error.ts';
import { createRecordReader, tooLarge } from './record-reader.ts';
import { batchSize, type Shard } from './shard.ts';

/** Reads all nodes repeatedly. It keeps state between readings, so that each reading finds all nodes and costs little. */
export interface FleetReader {
  read(shards: readonly Shard[]): Promise<FollowedReading & { readonly records: readonly NodeRecord[] }>;
}

type Found = { records: NodeRecord[]; rejected: RejectedRecord[]; names: string[] };

export function createFleetReader(): FleetReader {
  const reader = createRecordReader();
  /**
   * The keys that existed at the last reading. They are read even if SCAN does not list them. SCAN may miss a key that moves to another
   * shard at the same time. A missed node must not look like a vanished node.
   */
  let knownNames: readonly string[] = [];
  /** The keys whose value was too large. Their length is checked before each reading, so that they do not cost megabytes each time. */
  let largeNames: ReadonlySet<string> = new Set();
  /** Set after a timeout. The cause may be a value that is too large to arrive in time. */
  let mustCheckLengths = false;

  async function readBatch(shard: Shard, batch: readonly string[], found: Found): Promise<void> {
    const named = batch.filter((name) => {
      const rejection = reader.checkName(name);
      if (rejection !== undefined) found.rejected.push(rejection);
      return rejection === undefined;
    });
    const isSuspect = mustCheckLengths ? () => true : (name: string) => largeNames.has(name);
    const large =
      mustCheckLengths || largeNames.size > 0 ? await findLarge(shard, named.filter(isSuspect)) : new Set<string>();
    const wanted = large.size === 0 ? named : named.filter((name) => !large.has(name));
    const texts = wanted.length === 0 ? [] : await shard.values(wanted);
    found.names.push(...large);
    found.rejected.push(...[...large].map((name) => tooLarge(name)));
    for (const [index, name] of wanted.entries()) {
      const text = texts[index];
      // The key has expired since it was listed.
      if (text === null || text === undefined) continue;
      found.names.push(name);
      const record = reader.read(name, text);
      if ('reason' in record) found.rejected.push(record);
      else found.records.push(record);
    }
  }

  async function readShard(shard: Shard, names: readonly string[], found: Found): Promise<void> {
    for (let start = 0; start < names.length; start += batchSize) {
      // Batches run one after the other, so that Redis serves other clients in between.
      await readBatch(shard, names.slice(start, start + batchSize), found);
    }
  }

  async function readAll(shards: readonly Shard[]): Promise<Found> {
    const lists = await Promise.all(shards.map((shard) => shard.listNames()));
    const names = assignNames(lists, knownNames);
    const found: Found = { records: [], rejected: [], names: [] };
    await Promise.all(shards.map((shard, index) => readShard(shard, names[index] ?? [], found)));
    return found;
  }

  return {
    async read(shards) {
      let found;
      reader.beginReading();
      try {
        found = await readAll(shards);
      } catch (error) {
        mustCheckLengths ||= error instanceof RegistryError && error.fault === 'timeout';
        throw error;
      }
      const { records, rejected, names } = found;
      mustCheckLengths = false;
      knownNames = names;
      largeNames = new Set(rejected.filter(({ reason }) => reason === 'too_large').map(({ name }) => name));
      const { changed, gone } = reader.endReading();
      const serverId = serverIdOf(shards);
      return { records, changed, gone, rejected, ...(serverId === undefined ? {} : { serverId }) };
    },
  };
}

/**
 * Assigns each key to the shard that listed it. A known key that no shard listed goes to the first shard, which finds it in the cluster. When
 * a single shard lists exactly the known keys, they keep their order, so that most records stay at the same place in each reading.
 */
function assignNames(
  lists: readonly ReadonlySet<string>[],
  knownNames: readonly string[],
): readonly (readonly string[])[] {
  const [only, ...more] = lists;
  if (only !== undefined && more.length === 0) {
    const listed = only.size === knownNames.length && knownNames.every((name) => only.has(name));
    return [listed ? knownNames : [...new Set([...knownNames, ...only])]];
  }
  const assigned = new Set<string>();
  const takeNew = (names: Iterable<string>) =>
    [...names].filter((name) => !assigned.has(name) && assigned.add(name) === assigned);
  const [first = [], ...others] = lists.map((list) => takeNew(list));
  return [[...first, ...takeNew(knownNames)], ...others];
}

async function findLarge(shard: Shard, names: readonly string[]): Promise<Set<string>> {
  const lengths = names.length === 0 ? [] : await shard.lengths(names);
  return new Set(names.filter((_, index) => (lengths[index] ?? 0) > nodeReportMaxBytes));
}

function serverIdOf(shards: readonly Shard[]): string | undefined {
  const ids = shards.flatMap(({ serverId }) => serverId ?? []);
  return ids.length === shards.length ? ids.toSorted((a, b) => (a < b ? -1 : 1)).join(',') : undefined;
}
