import type { StrategyName } from '@turn-router/simulator';

/** The introduction of a report for readers who do not know the project, in paragraphs. */
export const introduction = [
  'Browsers that cannot reach each other directly use a relay, a TURN server. turn-router chooses a TURN server for each call: a server that is near, healthy and not overloaded. These figures show how evenly turn-router spreads calls over the servers. They also show how it reacts when a region fills up. Other strategies are shown for comparison.',
  'Everything here is simulated. The decisions come from the router’s real code, but the nodes, callers and calls are generated. A node is one TURN server. Nodes report their load every few seconds. Several routers choose nodes from these reports. No router knows the decisions of the other routers. Each seed generates a different set of calls. For the same seed, all strategies get the same calls at the same moments. So every difference comes from the strategy. Each figure is a mean over the seeds. The measurement starts after the loads have settled.',
  'A claim is a limit that a scenario sets for turn-router. A claim is met if the mean over the seeds is within the limit. If a caller gets no relay, it does not retry. A full node does not slow down in the simulation. It counts as overloaded.',
] as const;

export const introductionTitle = 'turn-router in simulated fleets';

/** Explains each strategy. */
export const strategyMeanings: Readonly<Record<StrategyName, string>> = {
  'turn-router': 'the balancer of this project',
  'least-load': 'every call goes to the node with the least load in its last report',
  random: 'every call goes to a random node; larger nodes are chosen more often',
  'weighted-round-robin':
    'calls go to one node after the other, and to larger nodes more often, as in nginx; each router counts separately',
  'two-choices':
    'two nodes are picked at random for every call; the call goes to the node with the lower load in its last report',
  'perfect-knowledge':
    'every call goes to the node with the least load at this moment; no real router knows this load, so this is the best possible result',
  cliff:
    'chooses nodes as turn-router does; while the load of a region is above 80 %, all its new calls go to other regions; otherwise all calls stay',
  'no-spillover': 'chooses nodes as turn-router does, but every call stays in its region',
};
