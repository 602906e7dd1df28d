import type { StrategyName } from '@turn-router/simulator';

/** What a report is about, for people who have never seen the project; a paragraph each. */
export const introduction = [
  'Callers whose browsers cannot reach each other directly meet at a relay, a TURN server. turn-router picks the relay of each call: near, alive and not overloaded. These figures show how evenly it spreads calls, and what it does when a region fills up, beside other ways to pick.',
  'Everything here is simulated: the code that decides is that of the router, but the relays, callers and their calls are invented. Nodes report their load every few seconds; several routers, which do not know of each other’s decisions, pick nodes by these reports. For the same seed all strategies get the same calls at the same moments, so that what differs comes from the strategy alone. Each seed draws another set of calls; figures are means over the seeds, of what happens after the fleet has come to its balance.',
  'A claim is a limit that a scenario sets for turn-router. It holds when the mean over the seeds keeps it. Callers who find no relay do not try again, and a full node does not slow down: it counts as overloaded.',
] as const;

export const introductionTitle = 'turn-router in simulated fleets';

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
