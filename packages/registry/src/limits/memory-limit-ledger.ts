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

/** What one router has said of one bucket. */
type Entry = { readonly slots: ReadonlyMap<number, number>; readonly lease: number; readonly leaseUntilMs: number };

/**
 * The ledger of routers in one process: the only one of an embedded registry, or several simulated ones.
 *
 * @param nowMs a clock that never steps, ms
 */
export function createMemoryLimitLedger(nowMs: () => number): LimitLedger {
  const buckets = new Map<string, Map<string, Entry>>();
  const busySince = new Map<string, number>();
  const epoch = `${nowMs()}`;

  return {
    exchangeLimits(replicaId, reports, busy) {
      const now = nowMs();
      forgetOld(buckets, busySince, now);
      const settlements = reports.map((report) => {
        const entries = buckets.get(report.bucket) ?? new Map<string, Entry>();
        buckets.set(report.bucket, entries);
        return settle(entries, replicaId, report, now);
      });
      for (const bucket of busy) {
        busySince.delete(bucket);
        busySince.set(bucket, now);
      }
      return Promise.resolve({ settlements, busy: [...busySince.keys()].slice(-busyMax), epoch });
    },
  };
}

function settle(
  entries: Map<string, Entry>,
  replicaId: string,
  { limit, calls, wish }: LimitReport,
  now: number,
): LimitSettlement {
  const nowSlot = Math.floor(now / slotMs);
  const slots = new Map(calls.map((each) => [nowSlot - each.ageSlots, each.calls]));
  const bySlot = new Map(slots);
  let othersCalls = 0;
  let leased = 0;
  for (const [other, entry] of entries) {
    if (other === replicaId) continue;
    for (const [slot, count] of entry.slots) {
      if (slot < nowSlot - windowSlots) continue;
      othersCalls += count;
      bySlot.set(slot, (bySlot.get(slot) ?? 0) + count);
    }
    if (entry.leaseUntilMs > now) leased += entry.lease;
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

function forgetOld(buckets: Map<string, Map<string, Entry>>, busySince: Map<string, number>, now: number): void {
  const oldest = Math.floor(now / slotMs) - windowSlots;
  for (const [bucket, entries] of buckets) {
    for (const [replicaId, { slots, leaseUntilMs }] of entries) {
      if (leaseUntilMs <= now && ![...slots.keys()].some((slot) => slot >= oldest)) entries.delete(replicaId);
    }
    if (entries.size === 0) buckets.delete(bucket);
  }
  for (const [bucket, since] of busySince) if (since < oldest * slotMs) busySince.delete(bucket);
}
