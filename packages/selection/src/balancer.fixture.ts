import type { Balancer } from './balancer.ts';
import type { RegionStatus } from './balancer-status.ts';
import { createBalancer } from './create-balancer.ts';
import { sharesOf, uniformDraws } from './draws.fixture.ts';
import type { FleetReading } from './fleet-change.ts';
import { policy, readingOf, type FleetReports } from './fleet.fixture.ts';
import type { RelayDecision, RelayWishes } from './relay-decision.ts';

/** Half of the calls end within this time, at the policy's assumed mean length. */
export const halfLifeMs = policy.calls.meanSeconds * 1000 * Math.LN2;

/** Creates a balancer that has observed this fleet at time 0. */
export function balancerOf(fleet: FleetReports): Balancer {
  return balancerAfter(readingOf(fleet));
}

export function balancerAfter(reading: FleetReading): Balancer {
  const balancer = createBalancer(policy);
  balancer.observe(reading, 0);
  return balancer;
}

type Asked = { readonly home?: string; readonly nowMs?: number; readonly random?: () => number };

export function decide(
  balancer: Balancer,
  { home = 'virginia', nowMs = 0, random = () => 0.5 }: Asked = {},
  wishes: Partial<RelayWishes> = {},
): RelayDecision {
  return balancer.choose({ homeRegion: home }, { maxNodes: 1, ...wishes }, nowMs, random);
}

/** Issues this many decisions and counts them. Returns how often each node came first, as shares of 1. */
export function issue(balancer: Balancer, times: number, asked: Asked = {}, wishes: Partial<RelayWishes> = {}) {
  const random = asked.random ?? uniformDraws(11);
  return sharesOf(times, () => {
    const decision = decide(balancer, { ...asked, random }, wishes);
    if (!decision.ok) return decision.code;
    balancer.countIssued(decision.nodes, asked.nowMs ?? 0);
    return decision.nodes[0]?.name;
  });
}

export function statusOf(balancer: Balancer, region = 'virginia'): RegionStatus | undefined {
  return balancer.status().regions.find((status) => status.region === region);
}

/** Observes the reading and returns the region's load. */
export function loadAfter(
  balancer: Balancer,
  reading: FleetReading,
  nowMs: number,
  region = 'virginia',
): number | undefined {
  balancer.observe(reading, nowMs);
  return statusOf(balancer, region)?.load;
}
