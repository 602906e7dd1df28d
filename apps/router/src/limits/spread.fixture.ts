import { createMemoryLimitLedger, type LimitLedger } from '@turn-router/registry';
import type { Surroundings } from './bucket.ts';
import { createLedgerContact } from './ledger-contact.ts';
import { createLimiter } from './limiter.ts';
import type { LimitedId } from './limit-subject.ts';

/** One router of a simulated fleet: its limiter, and an exchange every 250 ms or as soon as it is in need. */
type SimulatedRouter = {
  readonly call: (limited: LimitedId) => boolean;
  /** Undefined in nearly every millisecond: then nothing has to be waited for. */
  readonly tick: () => Promise<void> | undefined;
};

export type Fleet = {
  /** Whether the call passes, at this router. */
  readonly call: (router: number, limited: LimitedId) => boolean;
  /** A millisecond passes; undefined: at once. */
  readonly tick: () => Promise<unknown> | undefined;
  readonly nowMs: () => number;
  readonly setRedis: (state: 'up' | 'stopped' | 'emptied') => void;
};

const intervalMs = 250;
const spacingMs = 10;
const roundTripMs = 2;
/** A stopped Redis is given up after a second; each router finds it again at its own time. */
const commandTimeoutMs = 1_000;

/** Routers that share a ledger, in simulated time: nothing of it depends on a clock or on chance. */
export function simulateFleet(size: number): Fleet {
  let nowMs = 1_000_000;
  let ledger = createMemoryLimitLedger(() => nowMs);
  let isUp = true;
  let upSinceMs = nowMs;
  const routers = Array.from({ length: size }, (_, index) =>
    simulateRouter(`router-${index}`, {
      now: () => nowMs,
      replicas: size,
      ledger: () => ledger,
      // 0.3 s to 1.5 s after Redis is back.
      isReachable: () => isUp && (upSinceMs === 1_000_000 || nowMs - upSinceMs > 300 + (1_200 * index) / size),
    }),
  );
  return {
    call: (router, limited) => routers[router]?.call(limited) ?? false,
    tick() {
      nowMs += 1;
      const waits = routers.map((router) => router.tick()).filter((wait) => wait !== undefined);
      return waits.length === 0 ? undefined : Promise.all(waits);
    },
    nowMs: () => nowMs,
    setRedis(state) {
      if (state === 'emptied') ledger = createMemoryLimitLedger(() => nowMs);
      if (state !== 'stopped' && !isUp) upSinceMs = nowMs;
      isUp = state !== 'stopped';
    },
  };
}

function simulateRouter(
  id: string,
  world: { now: () => number; replicas: number; ledger: () => LimitLedger; isReachable: () => boolean },
): SimulatedRouter {
  const limiter = createLimiter();
  const contact = createLedgerContact(world.now());
  const around = (): Surroundings => ({
    nowMs: world.now(),
    replicas: world.replicas,
    aloneSinceMs: contact.aloneSinceMs(world.now()),
  });
  let isKicked = false;
  let startedMs = Number.NEGATIVE_INFINITY;
  let flight:
    | {
        sent: ReturnType<typeof limiter.report>;
        sentMs: number;
        answer: ReturnType<LimitLedger['exchangeLimits']> | undefined;
      }
    | undefined;
  let busy: string[] = [];

  async function settle(sent: NonNullable<typeof flight>['sent'], answer: ReturnType<LimitLedger['exchangeLimits']>) {
    const { settlements, busy: busyNow, epoch } = await answer;
    if (contact.answered(world.now(), epoch)) limiter.reportAll();
    busy = limiter.settle(sent, settlements, around());
    limiter.useBusy(busyNow, around());
    flight = undefined;
  }

  return {
    call(limited) {
      const verdict = limiter.judge([limited], around());
      isKicked ||= verdict.isInNeed;
      return !verdict.isRefused;
    },
    tick() {
      const now = world.now();
      if (flight === undefined) {
        if (now - startedMs < (isKicked ? spacingMs : intervalMs)) return undefined;
        isKicked = false;
        startedMs = now;
        contact.asked(now);
        const sent = limiter.report(around(), 2_048);
        const answer = world.isReachable()
          ? world.ledger().exchangeLimits(
              id,
              sent.map(({ report }) => report),
              busy,
            )
          : undefined;
        flight = { sent, sentMs: now, answer };
        return undefined;
      }
      const { sent, sentMs, answer } = flight;
      if (answer !== undefined) return now - sentMs < roundTripMs ? undefined : settle(sent, answer);
      if (now - sentMs < commandTimeoutMs) return undefined;
      contact.failed(now);
      limiter.takeBack(sent);
      flight = undefined;
      return undefined;
    },
  };
}
