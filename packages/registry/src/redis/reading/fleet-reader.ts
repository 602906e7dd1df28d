import { nodeReportMaxBytes } from '@turn-router/contract/registry';
import type { FollowedReading, NodeRecord, RejectedRecord } from '../../nodes/node-registry.ts';
import { createExpiryCheck } from './expiry-check.ts';
import { assignKeys } from './assign-keys.ts';
import { createKeyList } from './key-list.ts';
import { badKey, createRecordReader, noExpiry, tooLarge, wrongType } from './record-reader.ts';
import { batchSize, type Shard } from './shard.ts';

/** Reads all nodes repeatedly. It keeps state between readings, so that each reading finds all nodes and costs little. */
export interface FleetReader {
  read(shards: readonly Shard[]): Promise<FollowedReading & { readonly records: readonly NodeRecord[] }>;
}

export type FleetReaderOptions = {
  /** The largest number of records to read. Known nodes come first, then the other keys in alphabetical order. */
  readonly recordsMax: number;
  readonly monotonicNowMs: () => number;
};

type Found = { records: NodeRecord[]; rejected: RejectedRecord[]; names: string[]; refusesTtls: boolean };

export function createFleetReader({ recordsMax, monotonicNowMs }: FleetReaderOptions): FleetReader {
  const reader = createRecordReader();
  const expiry = createExpiryCheck(monotonicNowMs);
  /**
   * The keys of the nodes at the last reading. They are read even if SCAN does not list them. SCAN may miss a key that moves to another shard
   * at the same time. A missed node must not look like a vanished node.
   */
  let knownNames: readonly string[] = [];
  /** Whether Redis refused PTTL when it was last sent. */
  let refusesTtls = false;

  async function checkExpiry(shard: Shard, due: readonly string[], found: Found): Promise<void> {
    if (due.length === 0) return;
    const ttls = await shard.ttls(due);
    found.refusesTtls = ttls === undefined;
    // Without the permission, these records stay valid, and the next check is a while later.
    for (const [index, name] of due.entries()) expiry.takeTtl(name, ttls?.[index] ?? 0);
  }

  async function readBatch(shard: Shard, batch: readonly string[], found: Found): Promise<void> {
    const wanted = await withoutUnfit(shard, batch, found);
    const texts = wanted.length === 0 ? [] : await shard.values(wanted);
    // A key without a text has expired since it was listed.
    const values = wanted.flatMap((name, index) => [[name, texts[index] ?? undefined] as const]);
    const present = values.filter((value): value is readonly [string, string] => value[1] !== undefined);
    const due = present.filter(([name, text]) => expiry.isDue(name, text)).map(([name]) => name);
    await checkExpiry(shard, due, found);
    for (const [name, text] of present) {
      const record = expiry.isLasting(name) ? noExpiry(name) : reader.read(name, text);
      if ('reason' in record) {
        found.rejected.push(record);
        continue;
      }
      found.names.push(name);
      found.records.push(record);
    }
  }

  async function readShard(shard: Shard, names: readonly string[], found: Found): Promise<void> {
    for (let start = 0; start < names.length; start += batchSize) {
      // Batches run one after the other, so that Redis serves other clients in between.
      await readBatch(shard, names.slice(start, start + batchSize), found);
    }
  }

  return {
    async read(shards) {
      reader.beginReading();
      expiry.beginReading();
      const lists = await Promise.all(
        shards.map(async (shard) => {
          const list = createKeyList(reader.isKnown, recordsMax);
          await shard.listNames(list.add);
          return list.take();
        }),
      );
      const { names, leftOut } = assignKeys(lists, knownNames, recordsMax);
      const rejected = lists.flatMap(({ invalid }) => [...invalid].map((name) => badKey(name)));
      const found: Found = { records: [], rejected, names: [], refusesTtls };
      await Promise.all(shards.map((shard, index) => readShard(shard, names[index] ?? [], found)));
      knownNames = found.names;
      refusesTtls = found.refusesTtls;
      expiry.endReading();
      const serverId = serverIdOf(shards);
      return {
        records: found.records,
        ...reader.endReading(),
        rejected,
        ...(leftOut === 0 ? {} : { leftOut }),
        ...(refusesTtls ? { refusedCommand: 'PTTL' } : {}),
        ...(serverId === undefined ? {} : { serverId }),
      };
    },
  };
}

/** Removes the values that cannot be reports. A value is read only after its length. */
async function withoutUnfit(shard: Shard, batch: readonly string[], found: Found): Promise<readonly string[]> {
  const lengths = await shard.lengths(batch);
  return batch.filter((name, index) => {
    const length = lengths[index] ?? 0;
    if (length !== 'wrong_type' && length <= nodeReportMaxBytes) return true;
    found.rejected.push(length === 'wrong_type' ? wrongType(name) : tooLarge(name));
    return false;
  });
}

function serverIdOf(shards: readonly Shard[]): string | undefined {
  const ids = shards.flatMap(({ serverId }) => serverId ?? []);
  return ids.length === shards.length ? ids.toSorted((a, b) => (a < b ? -1 : 1)).join(',') : undefined;
}
