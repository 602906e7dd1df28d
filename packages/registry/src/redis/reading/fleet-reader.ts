import { nodeKeyGlob, nodeReportMaxBytes } from '@turn-router/contract/registry';
import type { FollowedReading, NodeRecord, RejectedRecord } from '../../nodes/node-registry.ts';
import { createExpiryCheck } from './expiry-check.ts';
import { assignKeys } from './assign-keys.ts';
import { readFitValues } from './fit-values.ts';
import { createKeyList } from './key-list.ts';
import { badKey, createRecordReader, noExpiry, tooLarge, wrongType } from './record-reader.ts';
import { batchesOf, type Shard } from './shard.ts';

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
    const { present, unfit } = await readFitValues(shard, batch, nodeReportMaxBytes);
    for (const [name, reason] of unfit) found.rejected.push(reason === 'wrong_type' ? wrongType(name) : tooLarge(name));
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
    // Batches run one after the other, so that Redis serves other clients in between.
    for (const batch of batchesOf(names)) await readBatch(shard, batch, found);
  }

  return {
    async read(shards) {
      reader.beginReading();
      expiry.beginReading();
      const lists = await Promise.all(
        shards.map(async (shard) => {
          const list = createKeyList(reader.isKnown, recordsMax);
          await shard.listNames(nodeKeyGlob, list.add);
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

function serverIdOf(shards: readonly Shard[]): string | undefined {
  const ids = shards.flatMap(({ serverId }) => serverId ?? []);
  return ids.length === shards.length ? ids.toSorted((a, b) => (a < b ? -1 : 1)).join(',') : undefined;
}
