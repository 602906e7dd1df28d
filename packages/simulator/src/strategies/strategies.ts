import { least } from 'd3-array';
import type { Random } from '../engine/random-streams.ts';
import type { StrategyName } from '../simulation-result.ts';
import { balancerStrategy } from './balancer-strategy.ts';
import { createCliff } from './cliff.ts';
import { homeRegionStrategy, type ReportedCandidate } from './home-region-strategy.ts';
import type { CreateStrategy, Strategy, StrategyContext } from './strategy.ts';
import { createWeightedRoundRobin } from './weighted-round-robin.ts';

/** The router's balancer without changes. */
const createTurnRouter = balancerStrategy(() => ({
  observe: () => undefined,
  requiredRegion: () => undefined,
}));

/** The node with the least reported load. This node gets every call until the next report. */
const createLeastLoad = homeRegionStrategy(() => (candidates) => least(candidates, ({ load }) => load)?.node);

/** A random node, in proportion to capacity. */
const createRandomStrategy = homeRegionStrategy(() => (candidates, random) => drawByCapacity(candidates, random)?.node);

/** Picks two different nodes at random in proportion to capacity. Takes the node with the lower reported load (Mitzenmacher 1996). */
const createTwoChoices = homeRegionStrategy(() => (candidates, random) => {
  const first = drawByCapacity(candidates, random);
  const second = drawByCapacity(
    candidates.filter((candidate) => candidate !== first),
    random,
  );
  return (first !== undefined && second !== undefined && second.load < first.load ? second : first)?.node;
});

/** The node with the least true load at this moment. No router can know this load, so this is the best possible result. */
const createPerfectKnowledge = homeRegionStrategy(
  () => (candidates) => least(candidates, ({ node }) => node.loadMbps / node.capacityMbps)?.node,
);

/** Every call stays in its region, at any load. */
const createNoSpillover = balancerStrategy(() => ({
  observe: () => undefined,
  requiredRegion: ({ homeRegion }) => homeRegion,
}));

const strategies: Readonly<Record<StrategyName, CreateStrategy>> = {
  'turn-router': createTurnRouter,
  'least-load': createLeastLoad,
  random: createRandomStrategy,
  'weighted-round-robin': createWeightedRoundRobin,
  'two-choices': createTwoChoices,
  'perfect-knowledge': createPerfectKnowledge,
  cliff: createCliff,
  'no-spillover': createNoSpillover,
};

export function createStrategy(name: StrategyName, context: StrategyContext): Strategy {
  return strategies[name](context);
}

/** Picks a candidate at random in proportion to capacity. */
function drawByCapacity(candidates: readonly ReportedCandidate[], random: Random): ReportedCandidate | undefined {
  const totalMbps = candidates.reduce((sum, { capacityMbps }) => sum + capacityMbps, 0);
  let leftMbps = random() * totalMbps;
  return candidates.find(({ capacityMbps }) => (leftMbps -= capacityMbps) < 0) ?? candidates.at(-1);
}
