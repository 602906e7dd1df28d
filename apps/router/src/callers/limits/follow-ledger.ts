import { setTimeout as delay } from 'node:timers/promises';
import { RegistryError, type LimitLedger } from '@turn-router/registry';
import type { LimitContext } from './bucket.ts';
import { createLedgerContact } from './ledger-contact.ts';
import type { Limiter } from './limiter.ts';
import { createRecentMaximum } from './recent-maximum.ts';

/** The exchange of a limiter with the ledger. The ledger is the count of calls that all routers share. The exchange runs in the background. */
export interface FollowedLedger extends AsyncDisposable {
  readonly limitContext: () => LimitContext;
  /** Makes the next exchange start soon instead of at the next interval. */
  readonly hurry: () => void;
}

/** The place of the ledger: the registry, or the memory of one of the routers. */
export type LedgerKeeper = 'registry' | 'router';

export type LedgerFollowerParts = {
  readonly limiter: Limiter;
  /** Undefined: there are no other routers. */
  readonly ledger: LimitLedger | undefined;
  readonly replicaId: string;
  /** Routers that share the ledger, this one included. */
  readonly countReplicas: () => number;
  /** Whether any limit exists. Otherwise the ledger is not contacted. */
  readonly isOn: () => boolean;
  readonly monotonicNowMs: () => number;
  /** `onLost` is called once when the ledger is lost. `onFound` is called once when this ledger, or a ledger in another place, is usable again. */
  readonly onLost: (error: RegistryError) => void;
  readonly onFound: (keeper: LedgerKeeper) => void;
};

/** Time between two exchanges, ms. */
const intervalMs = 250;

/** Shortest time between two exchanges, ms. It applies when a bucket needs a lease, and limits the cost of a burst of calls. */
const hurriedIntervalMs = 10;

/** At most this many reports per exchange, which take some 3 ms of work. The other reports wait for the next exchange, which then comes soon. */
const reportsMax = 256;

/** The largest number of replicas within this time is used, ms. If the registry loses its data, the routers reappear there one after the other. */
const replicaMemoryMs = 10_000;

export function followLedger(parts: LedgerFollowerParts): FollowedLedger {
  const { limiter, ledger, replicaId, countReplicas, isOn, monotonicNowMs, onLost, onFound } = parts;
  const contact = createLedgerContact(monotonicNowMs());
  const mostReplicas = createRecentMaximum(replicaMemoryMs);
  const stopped = new AbortController();
  let busy: readonly string[] = [];
  let isLost = false;
  let keeperInUse: LedgerKeeper = 'registry';
  let heard = 0;
  let isHurried = false;
  let waiting: AbortController | undefined;

  const limitContext = (): LimitContext => {
    const nowMs = monotonicNowMs();
    if (ledger === undefined) return { nowMs, replicas: 1, aloneSinceMs: undefined };
    return { nowMs, replicas: mostReplicas.value(), aloneSinceMs: contact.aloneSinceMs(nowMs) };
  };

  async function exchange(shared: LimitLedger): Promise<void> {
    mostReplicas.take(Math.max(heard, countReplicas()), monotonicNowMs());
    if (!isOn()) return;
    const before = limitContext();
    const sent = limiter.report(before, reportsMax);
    if (sent.length === reportsMax) isHurried = true;
    contact.asked(before.nowMs);
    try {
      const answer = await shared.exchangeLimits(
        replicaId,
        sent.map(({ report }) => report),
        busy,
      );
      if (contact.answered(monotonicNowMs(), answer.epoch)) limiter.reportAll();
      heard = answer.routers ?? 0;
      const keeper = answer.routers === undefined ? 'registry' : 'router';
      const after = limitContext();
      busy = limiter.settle(sent, answer.settlements, after);
      limiter.useBusy(answer.busy, after);
      if (after.aloneSinceMs === undefined && (isLost || keeper !== keeperInUse)) {
        isLost = false;
        keeperInUse = keeper;
        onFound(keeper);
      }
    } catch (error) {
      limiter.takeBack(sent);
      contact.failed(monotonicNowMs());
      if (!(error instanceof RegistryError)) throw error;
      if (!isLost) onLost(error);
      isLost = true;
    }
  }

  async function rest(): Promise<void> {
    await delay(hurriedIntervalMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    if (!isHurried && !stopped.signal.aborted) {
      waiting = new AbortController();
      await delay(intervalMs - hurriedIntervalMs, undefined, { signal: waiting.signal }).catch(() => undefined);
      waiting = undefined;
    }
    isHurried = false;
  }

  async function exchangeUntilStopped(shared: LimitLedger): Promise<void> {
    while (!stopped.signal.aborted) {
      await exchange(shared);
      await rest();
    }
  }
  const loop = ledger === undefined ? undefined : exchangeUntilStopped(ledger);

  return {
    limitContext,
    hurry() {
      isHurried = true;
      waiting?.abort();
    },
    async [Symbol.asyncDispose]() {
      stopped.abort();
      waiting?.abort();
      await loop;
    },
  };
}
