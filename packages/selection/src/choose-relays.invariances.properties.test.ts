import { describe, expect, test } from '@jest/globals';
import type { Policy } from '@turn-router/contract/policy';
import type { NodeReport } from '@turn-router/contract/registry';
import fc from 'fast-check';
import type { Balancer } from './balancer.ts';
import { createBalancer } from './create-balancer.ts';
import { drawsOf } from './draws.fixture.ts';
import type { FleetReading } from './fleet-change.ts';
import { propertyRuns, propertyTimeoutMs } from './property-runs.fixture.ts';
import type { RelayDecision } from './relay-decision.ts';
import {
  anyCaller,
  anyHistory,
  anyPolicy,
  anyReport,
  playHistory,
  nameOf,
  points,
  type HistoryResult,
} from './router-life.fixture.ts';

const runs = { numRuns: propertyRuns };

describe('decisions do not depend on', () => {
  test(
    'the order of the nodes in the registry',
    () => {
      const anyFleet = fc.uniqueArray(
        fc.record({
          key: fc.record({ region: fc.constantFrom('a', 'b'), id: fc.constantFrom('n0', 'n1', 'n2', 'n3') }),
          // Small integer capacities, so that a small grid of draws hits each node in proportion.
          report: fc
            .tuple(anyReport, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 2000 }))
            .map(([report, capacity, permille]): NodeReport => ({
              ...report,
              bandwidth_capacity_mbps: capacity,
              bandwidth_mbps: (capacity * permille) / 1000,
            })),
        }),
        { minLength: 1, maxLength: 6, selector: ({ key }) => nameOf(key) },
      );
      const shuffled = anyFleet.chain((nodes) =>
        fc.tuple(fc.constant(nodes), fc.shuffledSubarray(nodes, { minLength: nodes.length })),
      );
      fc.assert(
        fc.property(anyPolicy, shuffled, fc.integer({ min: 0, max: 30_000 }), (policy, [nodes, others], ageMs) => {
          const one = createBalancer(policy);
          const other = createBalancer(policy);
          one.observe({ nodes, replicas: 1 }, 0);
          other.observe({ nodes: others, replicas: 1 }, 0);
          expect(loadsOf(other)).toEqual(loadsOf(one));
          // Sums in a different order differ in their last bits, so a load at the bound may fall on either side.
          const isAtBound = ({ load }: { load: number }) => Math.abs(load - policy.spillover.full) < 1e-9;
          fc.pre(!one.status().regions.some(isAtBound));
          for (const requireRegion of ['a', 'b']) {
            const capacityMbps = one.status().regions.find(({ region }) => region === requireRegion)?.capacityMbps ?? 0;
            expect(outcomes(other, requireRegion, capacityMbps, ageMs)).toEqual(
              outcomes(one, requireRegion, capacityMbps, ageMs),
            );
          }
        }),
        runs,
      );
    },
    propertyTimeoutMs,
  );

  test(
    'the unit of capacities and bandwidths',
    () => {
      const anyFactor = fc.constantFrom(2 ** -10, 0.5, 2, 1024);
      fc.assert(
        fc.property(anyPolicy, anyHistory, anyFactor, anyCaller, points, (policy, history, k, caller, drawn) => {
          const one = playHistory(policy, history);
          const other = playHistory(
            scaledPolicy(policy, k),
            history.map((step) => ({ ...step, reading: scaledReading(step.reading, k) })),
          );
          expect(loadsOf(other.balancer)).toEqual(loadsOf(one.balancer));
          const ask = ({ balancer, nowMs }: HistoryResult) =>
            balancer.choose(caller, { maxNodes: 2 }, nowMs, drawsOf(...drawn));
          expect(namesOf(ask(other))).toBe(namesOf(ask(one)));
        }),
        runs,
      );
    },
    propertyTimeoutMs,
  );
});

/** Loads and shares by name, to nine digits, because sums in a different order differ in the last digits. */
function loadsOf(balancer: Balancer): Record<string, unknown> {
  const { regions, spills } = balancer.status();
  return Object.fromEntries([
    ...regions.map(({ region, load }) => [region, load.toFixed(9)]),
    ...spills.map((spill) => [`${spill.from}>${spill.to}`, spill.share.toFixed(9)]),
  ]);
}

/**
 * Counts the decisions per node over all pairs of draws from the middle of each Mbit/s of a region. Pairs that hit the same node need a third
 * draw; their number is the same in any order.
 */
function outcomes(
  balancer: Balancer,
  requireRegion: string,
  capacityMbps: number,
  nowMs: number,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let pair = 0; pair < capacityMbps ** 2; pair += 1) {
    const drawn = [(pair % capacityMbps) + 0.5, Math.floor(pair / capacityMbps) + 0.5];
    const needsMore = new Error('a third draw');
    let outcome;
    try {
      const decision = balancer.choose({ homeRegion: requireRegion }, { requireRegion, maxNodes: 1 }, nowMs, () => {
        const point = drawn.shift();
        if (point === undefined) throw needsMore;
        return point / capacityMbps;
      });
      outcome = namesOf(decision);
    } catch (error) {
      if (error !== needsMore) throw error;
      outcome = needsMore.message;
    }
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

function scaledPolicy(policy: Policy, k: number): Policy {
  return {
    ...policy,
    capacity: { ...policy.capacity, bandwidthMbps: policy.capacity.bandwidthMbps * k },
    calls: { ...policy.calls, bandwidthMbps: policy.calls.bandwidthMbps * k },
    regions: Object.fromEntries(
      Object.entries(policy.regions).map(([name, { bandwidthCapacityMbps, ...region }]) => [
        name,
        bandwidthCapacityMbps === undefined ? region : { ...region, bandwidthCapacityMbps: bandwidthCapacityMbps * k },
      ]),
    ),
  };
}

function scaledReading({ nodes, replicas }: FleetReading, k: number): FleetReading {
  return {
    replicas,
    nodes: nodes.map(({ key, report: { bandwidth_capacity_mbps: capacityMbps, ...report } }) => ({
      key,
      report: {
        ...report,
        bandwidth_mbps: report.bandwidth_mbps * k,
        ...(capacityMbps === undefined ? {} : { bandwidth_capacity_mbps: capacityMbps * k }),
      },
    })),
  };
}

function namesOf(decision: RelayDecision): string {
  return decision.ok ? decision.nodes.map(({ name }) => name).join(' ') : decision.code;
}
