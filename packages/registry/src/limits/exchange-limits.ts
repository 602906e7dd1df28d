import type { Cluster, Redis } from 'ioredis';
import { RegistryError } from '../registry-error.ts';
import {
  busyMax,
  leaseMs,
  slotMs,
  windowSlots,
  type LimitExchange,
  type LimitReport,
  type LimitSettlement,
} from './limit-ledger.ts';
import { busyBucketsScript, settleLimitsScript } from './limit-scripts.ts';

/** Of the keys under which limits are kept; all of them expire. */
export const limitKeyGlob = 'turn:limit:*';

/** Which buckets are busy: a sorted set by when that was last said, ms of Redis' own clock. */
const busyKey = 'turn:limit:{busy}:buckets';

/** Gone with everything else when Redis is emptied, and then made anew with another content. */
const epochKey = 'turn:limit:{busy}:epoch';

/** Settled in one step: less than a millisecond of Redis' time. */
const bucketsPerScript = 64;

/** Tells Redis what this router has let through, and hears what the others have. Rejects as ioredis does, or with a RegistryError. */
export async function exchangeLimits(
  redis: Redis | Cluster,
  replicaId: string,
  reports: readonly LimitReport[],
  busy: readonly string[],
): Promise<LimitExchange> {
  const settlements = Array.from<LimitSettlement>({ length: reports.length });
  const [busyAnswer] = await Promise.all([
    redis.eval(busyBucketsScript, 2, busyKey, epochKey, windowSlots * slotMs, busyMax, ...busy),
    ...batchesOf(reports).map(async (batch) => {
      const keys = batch.map(({ report }) => limitKey(report.bucket));
      const figures = batch.flatMap(({ report }) => [report.limit, report.wish, textFromCalls(report)]);
      const answer = await redis.eval(
        settleLimitsScript,
        keys.length,
        ...keys,
        replicaId,
        slotMs,
        windowSlots,
        leaseMs,
        ...figures,
      );
      const numbers = numbersFrom(answer, batch.length * 3);
      for (const [position, { index }] of batch.entries()) {
        const [granted = 0, othersCalls = 0, fullForMs = 0] = numbers.slice(position * 3);
        settlements[index] = { granted, othersCalls, fullForMs };
      }
    }),
  ]);
  const [epoch = '', ...names] = Array.isArray(busyAnswer) ? busyAnswer.map(String) : [];
  return { settlements, busy: names, epoch };
}

/** One script may only touch keys of one cluster slot: the braces say what the slot is taken from. */
function limitKey(bucket: string): string {
  return `turn:limit:{${bucket.slice(0, 1)}}:${bucket}`;
}

type Placed = { readonly report: LimitReport; readonly index: number };

function batchesOf(reports: readonly LimitReport[]): Placed[][] {
  const filling = new Map<string, Placed[]>();
  const batches: Placed[][] = [];
  for (const [index, report] of reports.entries()) {
    const shard = report.bucket.slice(0, 1);
    let batch = filling.get(shard);
    if (batch === undefined || batch.length === bucketsPerScript) {
      batch = [];
      filling.set(shard, batch);
      batches.push(batch);
    }
    batch.push({ report, index });
  }
  return batches;
}

function textFromCalls({ calls }: LimitReport): string {
  return calls.map(({ ageSlots, calls: count }) => `${ageSlots}:${count}`).join(' ');
}

function numbersFrom(answer: unknown, length: number): number[] {
  const numbers = Array.isArray(answer) ? answer.map(Number) : [];
  if (numbers.length === length && numbers.every((each) => Number.isSafeInteger(each) && each >= 0)) return numbers;
  throw new RegistryError('refused', 'Redis answers with something else than limits');
}
