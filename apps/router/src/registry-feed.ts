import {
  createMemoryRegistry,
  createRedisRegistry,
  startSnapshotFeed,
  type NodeRegistry,
  type SnapshotFeed,
} from '@turn-router/registry';
import { createFleetLog } from './fleet-log.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { createRejectionLog } from './rejection-log.ts';
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

export type FollowerParts = {
  readonly routing: Routing;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly monotonicNowMs: () => number;
  /** Routers that share the registry, this one included. */
  readonly countReplicas: () => number;
};

/** Keeps routing, metrics and log in step with the registry. */
export function followRegistry(
  registry: NodeRegistry,
  { routing, metrics, logger, monotonicNowMs, countReplicas }: FollowerParts,
): SnapshotFeed {
  const logRejected = createRejectionLog(logger);
  const logFleet = createFleetLog(logger);
  const feed = startSnapshotFeed(
    registry,
    {
      onSnapshot: (snapshot) => {
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
      onReadingEnd: () => {
        const snapshot = feed.snapshot();
        if (snapshot === undefined) return;
        routing.useReading({ nodes: snapshot.records, replicas: countReplicas() });
        const status = routing.status();
        metrics.useFleet(status);
        logFleet(status);
      },
    },
    { monotonicNowMs },
  );
  return feed;
}
