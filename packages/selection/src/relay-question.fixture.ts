import type { Policy } from '@turn-router/contract/policy';
import { chooseRelays } from './choose-relays.ts';
import { drawsOf } from './draws.fixture.ts';
import type { RelayCandidate, RelayFleet, RegionView } from './relay-fleet.ts';
import { policy, relayNodes, type FleetReports } from './fleet.fixture.ts';
import { regionUse } from './node-load.ts';
import { createNodePool } from './node-pool.ts';
import { placementOf } from './residency.ts';
import type { RelayWishes } from './relay-decision.ts';
import { takesCalls } from './relay-node.ts';

/** A caller and a fleet. The default home region is Virginia. */
export type RelayQuestion = {
  readonly fleet: FleetReports;
  readonly home?: string;
  readonly country?: string;
  readonly wishes?: Partial<RelayWishes>;
  /** Spill shares by target, from the preferred region if one is given, otherwise from the home region. */
  readonly shares?: Readonly<Record<string, number>>;
  readonly policy?: Policy;
  /** The first random number. Later random numbers are 0.5. */
  readonly point?: number;
};

/** Returns the decision with node names instead of nodes. */
export function decide({ fleet, home = 'virginia', country, wishes = {}, shares = {}, ...question }: RelayQuestion) {
  const read = question.policy ?? policy;
  const decision = chooseRelays(
    placementOf({ homeRegion: home, country }, 'default', read),
    { maxNodes: 1, ...wishes },
    { reported: viewOf(fleet, wishes.preferRegion ?? home, shares, read) },
    read,
    drawsOf(question.point ?? 0.5, 0.5),
  );
  return decision.ok ? { ...decision, nodes: decision.nodes.map(({ name }) => name) } : decision;
}

function viewOf(fleet: FleetReports, from: string, shares: Readonly<Record<string, number>>, read: Policy): RelayFleet {
  const candidates: RelayCandidate[] = relayNodes(fleet, read)
    .filter((node) => takesCalls(node))
    .map((node) => ({ node }));
  const regionOf = (region: string): RegionView => {
    const offered = candidates.filter(({ node }) => node.key.region === region);
    const pool = offered.length === 0 ? undefined : createNodePool(offered);
    return {
      region,
      pool,
      load: regionUse(offered, policy.load, () => 1),
      capacityMbps: pool?.cumulativeMbps.at(-1) ?? 0,
      spills: region === from ? Object.entries(shares).map(([to, share]) => ({ from, to, share })) : [],
    };
  };
  return {
    regionOf,
    nodeNamed: (name) => candidates.find(({ node }) => node.name === name),
    cautiousLoad: ({ node }) => node.reportedLoad,
  };
}

export const noRelay = { ok: false, code: 'no_relay_available' } as const;
