import type { StrategyName } from '@turn-router/simulator';

/** For people who have never met the names. */
export const strategyMeanings: Readonly<Record<StrategyName, string>> = {
  'turn-router': 'what the router does: this project',
  'least-load': 'every call to the node with the least load in its last report',
  random: 'a node at random, the larger ones more often',
  'weighted-round-robin':
    'one node after the other, the larger ones more often; each replica for itself (as nginx does)',
  'two-choices': 'the less loaded, by its last report, of two nodes drawn at random',
  'perfect-knowledge': 'the node that is least loaded at this very moment: no real router can know it; the limit',
  cliff: "turn-router's choice of nodes, but all of a region's new calls leave while it is above 80 %, and none below",
  'no-spillover': "turn-router's choice of nodes, but no call ever leaves its region",
};
