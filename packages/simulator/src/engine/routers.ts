import FlatQueue from 'flatqueue';
import type { FleetReading } from '@turn-router/selection';
import type { Scenario } from '../scenario/scenario.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { EventSource } from './event-source.ts';
import type { Random } from './random-streams.ts';
import type { SimulatedRegistry } from './simulated-registry.ts';

/** The running routers. Each event is one router's read of the registry. */
export interface Routers extends EventSource {
  /** Picks the router that a caller reaches. @param point uniform in [0, 1) */
  readonly pick: (point: number) => Strategy | undefined;
  readonly setReplicas: (replicas: number, atSecond: number) => void;
  /** Until then, routers get no new reports and keep the last ones. */
  readonly freezeUntil: (second: number) => void;
}

type Router = { readonly id: number; readonly strategy: Strategy; reading: FleetReading };

export function createRouters(
  { pollSeconds, replicasKnownAfterSeconds, replicas }: Scenario['routers'],
  registry: SimulatedRegistry,
  createStrategy: () => Strategy,
  random: Random,
): Routers {
  const polls = new FlatQueue();
  const running: Router[] = [];
  const byId: Router[] = [];
  /** Changes of the number of routers, oldest first. */
  const counts: { atSecond: number; replicas: number }[] = [];
  let frozenUntilSecond = 0;

  const knownReplicas = (atSecond: number): number =>
    (counts.findLast((count) => count.atSecond + replicasKnownAfterSeconds <= atSecond) ?? counts[0])?.replicas ?? 1;

  const poll = (router: Router, atSecond: number) => {
    if (atSecond >= frozenUntilSecond) {
      const nodes = registry.read(atSecond);
      const known = knownReplicas(atSecond);
      if (router.reading.nodes !== nodes || router.reading.replicas !== known)
        router.reading = { nodes, replicas: known };
    }
    router.strategy.observe(router.reading, atSecond * 1000);
  };

  const setReplicas = (count: number, atSecond: number) => {
    counts.push({ atSecond, replicas: count });
    running.length = Math.min(running.length, count);
    while (running.length < count) {
      const router: Router = { id: byId.length, strategy: createStrategy(), reading: { nodes: [], replicas: count } };
      byId.push(router);
      running.push(router);
      poll(router, atSecond);
      polls.push(router.id, atSecond + random() * pollSeconds);
    }
  };

  setReplicas(replicas[0]?.replicas ?? 1, 0);
  return {
    pick: (point) => running[Math.floor(point * running.length)]?.strategy,
    setReplicas,
    freezeUntil: (second) => {
      frozenUntilSecond = second;
    },
    nextSecond: () => polls.peekValue() ?? Number.POSITIVE_INFINITY,
    happen: () => {
      const atSecond = polls.peekValue() ?? 0;
      const router = byId[polls.pop() ?? 0];
      if (router === undefined || !running.includes(router)) return;
      poll(router, atSecond);
      polls.push(router.id, atSecond + pollSeconds);
    },
  };
}
