import { createMemoryLimitLedger, slotMs, windowSlots, type LimitLedger } from '@turn-router/registry';
import type { ExchangeAnswer, ExchangeRequest, Standing } from './peer-messages.ts';

/** The ledger that this process keeps for all routers while the registry's is away, should they choose it. */
export type StandInLedger = {
  readonly standing: () => Standing;
  readonly exchange: (request: ExchangeRequest) => Promise<ExchangeAnswer>;
  /** To be called now and then: what nobody has asked for within a minute is true no longer, and need not be kept. */
  readonly forgetOld: () => void;
};

/** Routers tell something four times a second; one that has not for so long may have gone over to another ledger, ms. */
const hearingMs = 1_000;

/**
 * @param id of this process among those that can keep the ledger
 * @param monotonicNowMs a clock that never steps, ms
 */
export function createStandInLedger(id: string, monotonicNowMs: () => number): StandInLedger {
  const heardAtMs = new Map<string, number>();
  let ledger: LimitLedger | undefined;
  let usedAtMs = Number.NEGATIVE_INFINITY;

  function countHeard(): number {
    const nowMs = monotonicNowMs();
    for (const [replicaId, atMs] of heardAtMs) if (nowMs - atMs > hearingMs) heardAtMs.delete(replicaId);
    return heardAtMs.size;
  }

  return {
    standing: () => ({ id, routers: countHeard() }),
    async exchange({ replicaId, reports, busy }) {
      usedAtMs = monotonicNowMs();
      heardAtMs.set(replicaId, usedAtMs);
      ledger ??= createMemoryLimitLedger(monotonicNowMs);
      const answer = await ledger.exchangeLimits(replicaId, reports, busy);
      return { ...answer, epoch: `${id} ${answer.epoch}`, routers: countHeard() };
    },
    forgetOld() {
      if (monotonicNowMs() - usedAtMs > (windowSlots + 1) * slotMs) ledger = undefined;
    },
  };
}
