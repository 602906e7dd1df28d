import type { Cluster, Redis } from 'ioredis';
import { badReply, textsFrom } from '../redis/replies.ts';
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

/** Matches the keys that hold limits; all of them expire. */
export const limitKeyGlob = 'turn:limit:*';

/** A sorted set of busy buckets, scored by when one was last reported busy: ms of Redis' own clock. */
const busyKey = 'turn:limit:{busy}:buckets';

/** This key disappears if Redis is emptied, and is then created with a new value. */
const epochKey = 'turn:limit:{busy}:epoch';

/** The number of buckets that one call of the script processes. The call takes Redis less than a millisecond. */
const bucketsPerScript = 64;

/** Reports this router's calls to Redis and returns the calls of the other routers. Rejects with ioredis' errors or a RegistryError. */
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
  const [epoch, ...names] = textsFrom('EVAL', busyAnswer);
  if (epoch === undefined || names.length > busyMax)
    throw badReply(`expected at most ${busyMax} busy callers from EVAL`);
  return { settlements, busy: names, epoch };
}

/** A script may only touch keys of one cluster slot. Redis derives the slot from the part in braces. */
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

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function numbersFrom(answer: unknown, length: number): number[] {
  if (Array.isArray(answer) && answer.length === length && answer.every((each) => isCount(each))) return answer;
  throw badReply(`expected ${length} whole numbers from EVAL`);
}
