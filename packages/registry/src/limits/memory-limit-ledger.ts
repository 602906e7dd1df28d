import {
  busyMax,
  grantFrom,
  leaseMs,
  slotMs,
  windowSlots,
  type LimitLedger,
  type LimitReport,
  type LimitSettlement,
} from './limit-ledger.ts';

/** The last report of each router on one bucket, by router id. */
type Entries = Map<string, Entry>;
type Entry = { readonly slots: readonly Slot[]; readonly lease: number; readonly leaseUntilMs: number };
type Slot = { readonly slot: number; readonly calls: number };

/** The largest number of buckets that one router tracks. A bucket reported by three routers takes about 700 bytes. */
const defaultBucketsMax = 100_000;

/**
 * Creates a ledger in memory: for a router with the embedded registry, for several simulated routers, or for all routers while Redis is
 * unreachable.
 *
 * @param nowMs a monotonic clock, ms
 * @param bucketsMax the largest number of buckets; if there are more, the ledger drops those reported longest ago
 */
export function createMemoryLimitLedger(nowMs: () => number, bucketsMax = defaultBucketsMax): LimitLedger {
  // Both maps are ordered by the last report, oldest first.
  const buckets = new Map<string, { entries: Entries; heardAtMs: number }>();
  const busySince = new Map<string, number>();
  const epoch = `${nowMs()}`;

  function forgetOld(now: number): void {
    const oldestMs = (Math.floor(now / slotMs) - windowSlots) * slotMs;
    for (const [bucket, { heardAtMs }] of buckets) {
      if (buckets.size <= bucketsMax && heardAtMs >= oldestMs) break;
      buckets.delete(bucket);
    }
    for (const [bucket, since] of busySince) {
      if (busySince.size <= busyMax && since >= oldestMs) break;
      busySince.delete(bucket);
    }
  }

  return {
    exchangeLimits(replicaId, reports, busy) {
      const now = nowMs();
      const settlements = reports.map((report) => {
        const entries = buckets.get(report.bucket)?.entries ?? new Map<string, Entry>();
        buckets.delete(report.bucket);
        buckets.set(report.bucket, { entries, heardAtMs: now });
        return settle(entries, replicaId, report, now);
      });
      for (const bucket of busy) {
        busySince.delete(bucket);
        busySince.set(bucket, now);
      }
      forgetOld(now);
      return Promise.resolve({ settlements, busy: [...busySince.keys()], epoch });
    },
  };
}

function settle(
  entries: Entries,
  replicaId: string,
  { limit, calls, wish }: LimitReport,
  now: number,
): LimitSettlement {
  const nowSlot = Math.floor(now / slotMs);
  const slots = calls.map((each): Slot => ({ slot: nowSlot - each.ageSlots, calls: each.calls }));
  const bySlot = new Map(slots.map((each) => [each.slot, each.calls]));
  let othersCalls = 0;
  let leased = 0;
  for (const [other, entry] of entries) {
    if (other === replicaId) continue;
    const isLeaseOver = entry.leaseUntilMs <= now;
    let isOld = isLeaseOver;
    for (const { slot, calls: othersNow } of entry.slots) {
      if (slot < nowSlot - windowSlots) continue;
      isOld = false;
      othersCalls += othersNow;
      bySlot.set(slot, (bySlot.get(slot) ?? 0) + othersNow);
    }
    if (!isLeaseOver) leased += entry.lease;
    // Without this, stopped routers would accumulate in a bucket that other routers keep using.
    if (isOld) entries.delete(other);
  }
  const used = [...bySlot.values()].reduce((sum, count) => sum + count, 0);
  const granted = grantFrom(wish, limit - used - leased);
  entries.set(replicaId, { slots, lease: granted, leaseUntilMs: now + leaseMs });
  return { granted, othersCalls, fullForMs: used + leased < limit ? 0 : fullFor(bySlot, used, limit, now) };
}

/** Returns the time until enough of the oldest calls leave the window, ms. If only leases fill the bucket, this is one slot. */
function fullFor(bySlot: ReadonlyMap<number, number>, used: number, limit: number, now: number): number {
  let left = used;
  if (left < limit) return slotMs;
  for (const [slot, count] of [...bySlot].toSorted(([a], [b]) => a - b)) {
    left -= count;
    if (left < limit) return (slot + windowSlots + 1) * slotMs - now;
  }
  return (windowSlots + 1) * slotMs;
}
