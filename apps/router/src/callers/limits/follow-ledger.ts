import { setTimeout as delay } from 'node:timers/promises';
import { RegistryError, type LimitLedger } from '@turn-router/registry';
import type { Surroundings } from './bucket.ts';
import { createLedgerContact } from './ledger-contact.ts';
import type { Limiter } from './limiter.ts';
import { createRecentMost } from './recent-most.ts';

/** A limiter that agrees with those of the other routers, in the background. */
export interface FollowedLedger extends AsyncDisposable {
  readonly surroundings: () => Surroundings;
  /** Asks the ledger soon rather than at the next turn. */
  readonly hurry: () => void;
}

/** Who adds up what all routers let through. */
export type LedgerKeeper = 'registry' | 'router';

export type LedgerFollowerParts = {
  readonly limiter: Limiter;
  /** Undefined: there are no other routers. */
  readonly ledger: LimitLedger | undefined;
  readonly replicaId: string;
  /** Routers that share the ledger, this one included. */
  readonly countReplicas: () => number;
  /** Whether anything is limited: else the ledger is left alone. */
  readonly isOn: () => boolean;
  readonly monotonicNowMs: () => number;
  /** Once when it stops answering, and once when it is believed again, or another in its place. */
  readonly onLost: (error: RegistryError) => void;
  readonly onFound: (keeper: LedgerKeeper) => void;
};

/** Time between two exchanges, ms. */
const intervalMs = 250;

/** The same when somebody is in need, ms: bounds what a burst of calls costs. */
const hurriedIntervalMs = 10;

/** What one exchange tells at most, some 3 ms of work; the rest waits for the next, which then comes soon. */
const reportsMax = 256;

/** Routers that come back to an emptied registry count each other anew, one after the other; until then the older number stands. */
const replicaMemoryMs = 10_000;

export function followLedger(parts: LedgerFollowerParts): FollowedLedger {
  const { limiter, ledger, replicaId, countReplicas, isOn, monotonicNowMs, onLost, onFound } = parts;
  const contact = createLedgerContact(monotonicNowMs());
  const mostReplicas = createRecentMost(replicaMemoryMs);
  const stopped = new AbortController();
  let busy: readonly string[] = [];
  let isLost = false;
  let believed: LedgerKeeper = 'registry';
  let heard = 0;
  let isHurried = false;
  let waiting: AbortController | undefined;

  const surroundings = (): Surroundings => {
    const nowMs = monotonicNowMs();
    if (ledger === undefined) return { nowMs, replicas: 1, aloneSinceMs: undefined };
    return { nowMs, replicas: mostReplicas.value(), aloneSinceMs: contact.aloneSinceMs(nowMs) };
  };

  async function exchange(shared: LimitLedger): Promise<void> {
    mostReplicas.take(Math.max(heard, countReplicas()), monotonicNowMs());
    if (!isOn()) return;
    const before = surroundings();
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
      const after = surroundings();
      busy = limiter.settle(sent, answer.settlements, after);
      limiter.useBusy(answer.busy, after);
      if (after.aloneSinceMs === undefined && (isLost || keeper !== believed)) {
        isLost = false;
        believed = keeper;
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
    surroundings,
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
