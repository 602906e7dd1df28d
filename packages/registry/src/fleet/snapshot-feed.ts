import { setImmediate as nextTurn } from 'node:timers/promises';
import { createOutageWatch, type OutageEvents } from '../loop/outage-watch.ts';
import { startLoop } from '../loop/start-loop.ts';
import type { FollowedReading, NodeRegistry } from '../nodes/node-registry.ts';

/** The last reading of the registry. */
export type RegistrySnapshot = FollowedReading & {
  /** When it was read, by the feed's clock. */
  readonly readAtMs: number;
};

/** A reading is told in this order. */
export type SnapshotFeedEvents = OutageEvents & {
  onSnapshot(snapshot: RegistrySnapshot): void;
  /** A reading has ended, whether it succeeded or failed: the time for what goes on in a registry's absence, too. */
  onReadingEnd?(): void;
};

export interface SnapshotFeed extends AsyncDisposable {
  /** Undefined until the first reading has succeeded; never undefined again. */
  snapshot(): RegistrySnapshot | undefined;
  /** Whether the last reading succeeded. */
  isFresh(): boolean;
  /** Reads once, and reports what came of it. The loop does this by itself. */
  refresh(): Promise<void>;
}

/** Rest between two readings, ms. A report is used at most this and one reading later, so well within a second. */
const defaultIntervalMs = 400;

/** A large fleet takes long to read. Then the rest is so many times as long, up to so many ms, and requests have the processor. */
const longestRestMs = 700;
const restPerReading = 15;

/**
 * Reads the registry over and over at a constant rate, whatever the number of requests. Those who decide read from memory what was told
 * last and never wait; when the registry is away, it goes on serving.
 */
export function startSnapshotFeed(
  registry: Pick<NodeRegistry, 'follow'>,
  events: SnapshotFeedEvents,
  options: { monotonicNowMs: () => number; intervalMs?: number },
): SnapshotFeed {
  const { monotonicNowMs, intervalMs = defaultIntervalMs } = options;
  const watch = createOutageWatch(events);
  const follower = registry.follow();
  let snapshot: RegistrySnapshot | undefined;
  let restMs = intervalMs;

  let underWay = Promise.resolve();

  /** One reading after the other: what a reading tells is told before the next one begins. */
  function refresh(): Promise<void> {
    underWay = underWay.then(readOnce, readOnce);
    return underWay;
  }

  async function readOnce(): Promise<void> {
    const startedAtMs = monotonicNowMs();
    const reading = await watch.attempt(() => follower.read());
    restMs = intervalMs;
    if (reading !== undefined) {
      snapshot = { ...reading, readAtMs: monotonicNowMs() };
      const neededMs = restPerReading * (snapshot.readAtMs - startedAtMs);
      restMs = Math.max(intervalMs, Math.min(longestRestMs, neededMs));
      // Of a large fleet, reading the last part, telling of it and what follows take their time each: others have their turn in between.
      await nextTurn();
      events.onSnapshot(snapshot);
    }
    await nextTurn();
    events.onReadingEnd?.();
  }

  const loop = startLoop(refresh, () => restMs);
  return {
    snapshot: () => snapshot,
    isFresh: () => snapshot !== undefined && !watch.isLost(),
    refresh,
    [Symbol.asyncDispose]: () => loop[Symbol.asyncDispose](),
  };
}
