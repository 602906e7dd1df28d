import { createMemoryLimitLedger, slotMs, windowSlots, type LimitLedger } from '@turn-router/registry';
import type { ExchangeAnswer, ExchangeRequest, Standing } from './peer-messages.ts';

/** The ledger in this process. Routers use it while the registry is unreachable, if they choose this process. */
export type StandInLedger = {
  readonly standing: () => Standing;
  readonly exchange: (request: ExchangeRequest) => Promise<ExchangeAnswer>;
  /** Drops the ledger if it was unused for over a minute. Must be called from time to time. */
  readonly forgetOld: () => void;
};

/** A router that has not reported for this time may use a different ledger, ms. Routers report four times a second. */
const reporterTimeoutMs = 1_000;

/**
 * @param id id of this process among the processes that can hold the ledger
 * @param monotonicNowMs a monotonic clock, ms
 */
export function createStandInLedger(id: string, monotonicNowMs: () => number): StandInLedger {
  const reportedAtMs = new Map<string, number>();
  let ledger: LimitLedger | undefined;
  let usedAtMs = Number.NEGATIVE_INFINITY;

  function countReporters(): number {
    const nowMs = monotonicNowMs();
    for (const [replicaId, atMs] of reportedAtMs) if (nowMs - atMs > reporterTimeoutMs) reportedAtMs.delete(replicaId);
    return reportedAtMs.size;
  }

  return {
    standing: () => ({ id, routers: countReporters() }),
    async exchange({ replicaId, reports, busy }) {
      usedAtMs = monotonicNowMs();
      reportedAtMs.set(replicaId, usedAtMs);
      ledger ??= createMemoryLimitLedger(monotonicNowMs);
      const answer = await ledger.exchangeLimits(replicaId, reports, busy);
      return { ...answer, epoch: `${id} ${answer.epoch}`, routers: countReporters() };
    },
    forgetOld() {
      if (monotonicNowMs() - usedAtMs > (windowSlots + 1) * slotMs) ledger = undefined;
    },
  };
}
