import { setImmediate as nextTurn } from 'node:timers/promises';
import { createOutageWatch, type OutageEvents } from '../loop/outage-watch.ts';
import { startLoop } from '../loop/start-loop.ts';
import type { FollowedReading, NodeRegistry } from '../nodes/node-registry.ts';

/** A successful reading of the registry: what has changed since the reading before. */
export type TimedReading = FollowedReading & {
  /** When it was read, by the feed's clock. */
  readonly readAtMs: number;
};

/** A reading calls these in this order. */
export type ReadingFeedEvents = OutageEvents & {
  onReading(reading: TimedReading): void;
  /** A reading has succeeded or failed. Work that must continue during an outage belongs here. */
  onReadingEnd?(): void;
};

export interface ReadingFeed extends AsyncDisposable {
  /** Returns the last successful reading; undefined only until the first one. */
  lastReading(): TimedReading | undefined;
  /** Whether the last reading succeeded. */
  isFresh(): boolean;
  /** Reads once, and calls the events. The loop calls it periodically. */
  refresh(): Promise<void>;
}

/** Pause between two readings, ms. A report takes effect after at most one pause and one reading, well within a second. */
const defaultIntervalMs = 400;

/**
 * A pause is at least this many times as long as the reading, up to `pauseMaxMs`. So if the fleet is large, the router still has CPU time
 * for requests.
 */
const pausePerReading = 15;
const pauseMaxMs = 700;

/**
 * Reads the registry periodically, independent of the number of requests. The readings update the snapshot in memory, which requests use without a
 * wait. The snapshot stays in use while the registry is unreachable.
 */
export function startReadingFeed(
  registry: Pick<NodeRegistry, 'follow'>,
  events: ReadingFeedEvents,
  options: { monotonicNowMs: () => number; intervalMs?: number },
): ReadingFeed {
  const { monotonicNowMs, intervalMs = defaultIntervalMs } = options;
  const watch = createOutageWatch(events);
  const follower = registry.follow();
  let last: TimedReading | undefined;
  let pauseMs = intervalMs;

  let refreshed = Promise.resolve();

  /** Readings run one after the other: all events of a reading are called before the next reading begins. */
  function refresh(): Promise<void> {
    refreshed = refreshed.then(readOnce, readOnce);
    return refreshed;
  }

  async function readOnce(): Promise<void> {
    const startedAtMs = monotonicNowMs();
    const reading = await watch.attempt(() => follower.read());
    pauseMs = intervalMs;
    if (reading !== undefined) {
      last = { ...reading, readAtMs: monotonicNowMs() };
      const neededMs = pausePerReading * (last.readAtMs - startedAtMs);
      pauseMs = Math.max(intervalMs, Math.min(pauseMaxMs, neededMs));
      // For a large fleet each of these steps takes long. Requests are handled in between.
      await nextTurn();
      events.onReading(last);
    }
    await nextTurn();
    events.onReadingEnd?.();
  }

  const loop = startLoop(refresh, () => pauseMs);
  return {
    lastReading: () => last,
    isFresh: () => last !== undefined && !watch.isLost(),
    refresh,
    [Symbol.asyncDispose]: () => loop[Symbol.asyncDispose](),
  };
}
