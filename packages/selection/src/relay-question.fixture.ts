import type { Policy } from '@turn-router/contract';
import { chooseRelays, type Candidate, type FleetView, type RelayWishes } from './choose-relays.ts';
import { drawsOf } from './draws.fixture.ts';
import { policy, relayNodes, type FleetReports } from './fleet.fixture.ts';
import { regionUse } from './node-load.ts';
import { createNodePool } from './node-pool.ts';
import { takesCalls } from './relay-node.ts';

/** One caller, at home in Virginia if nothing else is said, before a fleet. */
export type RelayQuestion = {
  readonly fleet: FleetReports;
  readonly home?: string;
  readonly country?: string;
  readonly wishes?: Partial<RelayWishes>;
  /** Of the preferred region's calls, or else of home's, what goes to others. */
  readonly shares?: Readonly<Record<string, number>>;
  readonly policy?: Policy;
  /** The first draw; later ones are in the middle. */
  readonly point?: number;
};

/** The decision, with nodes by their names. */
export function decide({ fleet, home = 'virginia', country, wishes = {}, shares = {}, ...question }: RelayQuestion) {
  const read = question.policy ?? policy;
  const decision = chooseRelays(
    { homeRegion: home, country },
    { maxNodes: 1, ...wishes },
    viewOf(fleet, wishes.preferRegion ?? home, shares, read),
    read,
    drawsOf(question.point ?? 0.5, 0.5),
  );
  return decision.ok ? { ...decision, nodes: decision.nodes.map(({ name }) => name) } : decision;
}

function viewOf(fleet: FleetReports, from: string, shares: Readonly<Record<string, number>>, read: Policy): FleetView {
  const offered = relayNodes(fleet, read).filter((node) => takesCalls(node));
  const nodesOf = (region: string) => offered.filter(({ key }) => key.region === region);
  const poolOf = (region: string) => {
    const candidates: Candidate[] = nodesOf(region).map((node) => ({ node }));
    return candidates.length === 0 ? undefined : createNodePool(candidates);
  };
  return {
    poolOf,
    nodeLoad: ({ node }) => node.reportedLoad,
    regionLoad: (region) =>
      regionUse(
        nodesOf(region).map((node) => ({ node })),
        policy.load,
        () => 1,
      ),
    capacityMbps: (region) => poolOf(region)?.cumulativeMbps.at(-1) ?? 0,
    edgesFrom: (region) => (region === from ? Object.entries(shares).map(([to, share]) => ({ from, to, share })) : []),
  };
}

export const noRelay = { ok: false, code: 'no_relay_available' } as const;
