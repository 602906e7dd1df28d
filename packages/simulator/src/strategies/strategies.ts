import type { StrategyName } from '../simulation-result.ts';
import { createCliff } from './cliff.ts';
import { createLeastLoad } from './least-load.ts';
import { createNoSpillover } from './no-spillover.ts';
import { createPerfectKnowledge } from './perfect-knowledge.ts';
import { createRandomStrategy } from './random.ts';
import type { CreateStrategy, Strategy, StrategySurroundings } from './strategy.ts';
import { createTurnRouter } from './turn-router.ts';
import { createTwoChoices } from './two-choices.ts';
import { createWeightedRoundRobin } from './weighted-round-robin.ts';

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

export function createStrategy(name: StrategyName, surroundings: StrategySurroundings): Strategy {
  return strategies[name](surroundings);
}
