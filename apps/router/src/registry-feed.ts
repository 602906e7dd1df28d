import {
  createMemoryRegistry,
  createRedisRegistry,
  startSnapshotFeed,
  type NodeRegistry,
  type RejectedRecord,
  type SnapshotFeed,
} from '@turn-router/registry';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import type { Routing } from './routing.ts';

/** Redis when there is a URL, else the registry embedded in this process. */
export function openRegistry(
  redisUrl: string | undefined,
  chanceAndTime: { random: () => number; monotonicNowMs: () => number },
): NodeRegistry {
  return redisUrl === undefined
    ? createMemoryRegistry(chanceAndTime.monotonicNowMs)
    : createRedisRegistry({ url: redisUrl, name: 'turn-router', random: chanceAndTime.random });
}

/** Keeps routing, metrics and log in step with the registry. */
export function followRegistry(
  registry: NodeRegistry,
  {
    routing,
    metrics,
    logger,
    monotonicNowMs,
  }: {
    routing: Routing;
    metrics: Metrics;
    logger: Logger;
    monotonicNowMs: () => number;
  },
): SnapshotFeed {
  const logRejected = createRejectionLog(logger);
  const feed = startSnapshotFeed(
    registry,
    {
      onSnapshot: (snapshot) => {
        routing.useRecords(snapshot.records);
        metrics.useSnapshot(snapshot);
        metrics.setRegistryFresh(true);
        logRejected(snapshot.rejected);
      },
      onLost: (error) => {
        metrics.setRegistryFresh(false);
        const serving = feed.snapshot() === undefined ? 'nothing yet' : 'the last snapshot';
        logger.warn({ reason: error.message, serving }, 'the registry does not answer');
      },
      onFound: () => logger.info('the registry answers again'),
    },
    { monotonicNowMs },
  );
  return feed;
}

/** At most this many bad records are named in the log; the metric counts them all. */
const namedMax = 100;

/** Says of each bad record once that it is one, and again when it is bad in another way or after it was gone. */
function createRejectionLog(logger: Logger): (rejected: readonly RejectedRecord[]) => void {
  let known = new Map<string, string>();
  return (rejected) => {
    // In a fixed order, or a changing choice of a hundred would be said again and again.
    const named = rejected.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, namedMax);
    const current = new Map(named.map(({ name, detail }) => [name.slice(0, 200), detail]));
    for (const [name, detail] of current) {
      if (known.get(name) !== detail) logger.warn({ record: name, detail }, 'a record in the registry is no report');
    }
    known = current;
  };
}
