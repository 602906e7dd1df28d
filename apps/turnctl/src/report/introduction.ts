import type { StrategyName } from '@turn-router/simulator';

/** The introduction of a report for readers who do not know the project, in paragraphs. */
export const introduction = [
  'Browsers that cannot reach each other directly use a relay, a TURN server. turn-router chooses the TURN server of each call: near, healthy and not overloaded. These figures show how evenly it spreads calls and how it reacts when a region fills up, compared with other strategies.',
  'Everything here is simulated. The code that decides is the router’s own, but the nodes, callers and calls are generated. Nodes report their load every few seconds. Several routers choose nodes from these reports, without knowing each other’s decisions. For the same seed, all strategies get the same calls at the same moments, so every difference comes from the strategy. Each seed generates a different set of calls. Figures are means over the seeds, measured after the fleet has settled.',
  'A claim is a limit that a scenario sets for turn-router. It holds if the mean over the seeds is within the limit. Callers that get no relay do not retry. A full node does not slow down; it counts as overloaded.',
] as const;

export const introductionTitle = 'turn-router in simulated fleets';

/** Explains each strategy. */
export const strategyMeanings: Readonly<Record<StrategyName, string>> = {
  'turn-router': 'the balancer of this project',
  'least-load': 'every call goes to the node with the least load in its last report',
  random: 'every call goes to a random node; larger nodes are chosen more often',
  'weighted-round-robin':
    'calls go to one node after the other, to larger nodes more often; each router counts separately, like nginx',
  'two-choices': 'every call goes to the less loaded of two random nodes, by their last reports',
  'perfect-knowledge':
    'every call goes to the node with the least load at this moment; no real router knows it, so this is the optimum',
  cliff: "turn-router's choice of nodes, but all new calls leave a region while its load is above 80 %, and none below",
  'no-spillover': "turn-router's choice of nodes, but no call leaves its region",
};
