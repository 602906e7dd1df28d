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

/** Of a bucket, what each router has said. */
type Entries = Map<string, Entry>;
type Entry = { readonly slots: readonly Slot[]; readonly lease: number; readonly leaseUntilMs: number };
type Slot = { readonly slot: number; readonly calls: number };

/** As many as one router knows at most; some 700 bytes each when three routers know it. */
const rememberedMax = 100_000;

/**
 * The ledger of routers in one process: the only one of an embedded registry, several simulated ones, or all while Redis is away.
 *
 * @param nowMs a clock that never steps, ms
 * @param bucketsMax of more, those that nobody has reported for longest are forgotten
 */
export function createMemoryLimitLedger(nowMs: () => number, bucketsMax = rememberedMax): LimitLedger {
  // Both in the order in which they were last heard of, so that what is old comes first.
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
    // Or routers that have ended would stay with a bucket that the others keep in use.
    if (isOld) entries.delete(other);
  }
  const used = [...bySlot.values()].reduce((sum, count) => sum + count, 0);
  const granted = grantFrom(wish, limit - used - leased);
  entries.set(replicaId, { slots, lease: granted, leaseUntilMs: now + leaseMs });
  return { granted, othersCalls, fullForMs: used + leased < limit ? 0 : fullFor(bySlot, used, limit, now) };
}

/** Until the oldest calls have left the window that are too many; when leases fill it, until they may have changed hands. */
function fullFor(bySlot: ReadonlyMap<number, number>, used: number, limit: number, now: number): number {
  let left = used;
  if (left < limit) return slotMs;
  for (const [slot, count] of [...bySlot].toSorted(([a], [b]) => a - b)) {
    left -= count;
    if (left < limit) return (slot + windowSlots + 1) * slotMs - now;
  }
  return (windowSlots + 1) * slotMs;
}
