import { createMemoryLimitLedger, RegistryError, type LimitExchange, type LimitLedger } from '@turn-router/registry';
import { createLedgerWithStandIn } from '../peers/ledger-with-stand-in.ts';
import { createPeerLedger, type Peer } from '../peers/peer-ledger.ts';
import { createStandInLedger } from '../peers/stand-in-ledger.ts';
import type { LimitContext } from './bucket.ts';
import { createLedgerContact } from './ledger-contact.ts';
import { createLimiter, type Limiter } from './limiter.ts';
import type { LimitedId } from './limit-subject.ts';

/** One router of a simulated fleet: its limiter, and an exchange every 250 ms or as soon as it needs a lease. */
type SimulatedRouter = {
  readonly call: (limited: LimitedId) => boolean;
  /** Undefined: nothing to wait for. This is so in nearly every millisecond. */
  readonly tick: () => Promise<void> | undefined;
};

export type Fleet = {
  /** Sends a call to this router. Returns whether the call passes. */
  readonly call: (router: number, limited: LimitedId) => boolean;
  /** Advances the time by a millisecond. Returns undefined if there is nothing to wait for. */
  readonly tick: () => Promise<unknown> | undefined;
  readonly nowMs: () => number;
  readonly setRedis: (state: 'up' | 'stopped' | 'emptied') => void;
};

const intervalMs = 250;
const spacingMs = 10;
const roundTripMs = 2;
/** After a stop of Redis, calls to it fail after a second. After its return, each router finds it at a different time. */
const commandTimeoutMs = 1_000;

/**
 * Simulates routers that share a ledger, in simulated time, without a real clock or randomness.
 *
 * @param arePeers whether the routers are peers: then one of them holds the ledger while Redis is unreachable
 */
export function simulateFleet(size: number, { arePeers = false }: { arePeers?: boolean } = {}): Fleet {
  let nowMs = 1_000_000;
  let ledger = createMemoryLimitLedger(() => nowMs);
  let isUp = true;
  let upSinceMs = nowMs;
  let waiting: { readonly resolve: () => void; readonly untilMs: number }[] = [];
  const standIns = Array.from({ length: size }, (_, index) => createStandInLedger(`${index}`, () => nowMs));
  const findPeers = (): Promise<Peer[]> =>
    Promise.resolve(standIns.map(({ standing, exchange }) => ({ ...standing(), exchange })));
  const routers = Array.from({ length: size }, (_, index) => {
    // Between 0.3 s and 1.5 s after the return of Redis.
    const isReachable = () => isUp && (upSinceMs === 1_000_000 || nowMs - upSinceMs > 300 + (1_200 * index) / size);
    const redis: LimitLedger = {
      async exchangeLimits(...told) {
        if (isReachable()) return ledger.exchangeLimits(...told);
        await new Promise<void>((resolve) => waiting.push({ resolve, untilMs: nowMs + commandTimeoutMs }));
        throw new RegistryError('unavailable', 'no answer in time');
      },
    };
    const peers = createPeerLedger({ findPeers, countReplicas: () => size });
    return simulateRouter(`router-${index}`, {
      now: () => nowMs,
      replicas: size,
      ledger: arePeers ? createLedgerWithStandIn(redis, peers) : redis,
    });
  });
  return {
    call: (router, limited) => routers[router]?.call(limited) ?? false,
    tick() {
      nowMs += 1;
      for (const { resolve, untilMs } of waiting) if (nowMs >= untilMs) resolve();
      waiting = waiting.filter(({ untilMs }) => nowMs < untilMs);
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

type Sent = ReturnType<Limiter['report']>;

function simulateRouter(
  id: string,
  world: { now: () => number; replicas: number; ledger: LimitLedger },
): SimulatedRouter {
  const limiter = createLimiter();
  const contact = createLedgerContact(world.now());
  const context = (): LimitContext => ({
    nowMs: world.now(),
    replicas: world.replicas,
    aloneSinceMs: contact.aloneSinceMs(world.now()),
  });
  let needsLease = false;
  let startedMs = Number.NEGATIVE_INFINITY;
  let flight: { readonly sentMs: number; land?: () => void } | undefined;
  let busy: string[] = [];

  function send(nowMs: number): NonNullable<typeof flight> {
    contact.asked(nowMs);
    const sent = limiter.report(context(), 2_048);
    const sending: NonNullable<typeof flight> = { sentMs: nowMs };
    const reports = sent.map(({ report }) => report);
    void world.ledger.exchangeLimits(id, reports, busy).then(
      (answer) => (sending.land = () => take(sent, answer)),
      () => (sending.land = () => takeBack(sent)),
    );
    return sending;
  }

  function take(sent: Sent, { epoch, settlements, busy: busyNow }: LimitExchange): void {
    if (contact.answered(world.now(), epoch)) limiter.reportAll();
    busy = limiter.settle(sent, settlements, context());
    limiter.useBusy(busyNow, context());
  }

  function takeBack(sent: Sent): void {
    limiter.takeBack(sent);
    contact.failed(world.now());
  }

  return {
    call(limited) {
      const verdict = limiter.judge([limited], context());
      needsLease ||= verdict.needsLease;
      return !verdict.isRefused;
    },
    tick() {
      const now = world.now();
      if (flight === undefined) {
        if (now - startedMs < (needsLease ? spacingMs : intervalMs)) return undefined;
        needsLease = false;
        startedMs = now;
        flight = send(now);
      } else if (now - flight.sentMs >= roundTripMs && flight.land !== undefined) {
        flight.land();
        flight = undefined;
        return undefined;
      }
      // Lets pending answers arrive.
      return Promise.resolve();
    },
  };
}
