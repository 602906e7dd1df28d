import { describe, expect, test } from '@jest/globals';
import type { Policy } from '@turn-router/contract/policy';
import fc from 'fast-check';
import { drawsOf } from './draws.fixture.ts';
import type { ReportedNode } from './fleet-change.ts';
import type { PlacedCaller } from './placement.ts';
import { propertyRuns, propertyTimeoutMs } from './property-runs.fixture.ts';
import type { RelayWishes } from './relay-decision.ts';
import { allowedHome, allowedRegions, isAllowedRegion } from './residency.ts';
import {
  anyCaller,
  anyHistory,
  anyPolicy,
  anyWishes,
  playHistory,
  nameOf,
  names,
  points,
} from './router-life.fixture.ts';

const runs = { numRuns: propertyRuns };

/** Whether the policy and the wishes allow the caller to get a node. */
function mayGet({ key, report }: ReportedNode, caller: PlacedCaller, wishes: RelayWishes, policy: Policy): boolean {
  const { allocations, allocations_capacity: limit = 0 } = report;
  const usable = (report.transports ?? ['udp', 'tcp']).filter(
    (transport) => transport !== 'tls' || (report.hostname !== undefined && report.tls_port !== undefined),
  );
  return (
    policy.regions[key.region]?.enabled === true &&
    isAllowedRegion(key.region, allowedRegions(caller, policy)) &&
    report.status === 'healthy' &&
    (limit === 0 || allocations === undefined || allocations < limit) &&
    usable.some((transport) => wishes.transports?.includes(transport) ?? true) &&
    wishes.excludeNodes?.includes(nameOf(key)) !== true
  );
}

describe('for every fleet, policy, wish and caller', () => {
  test(
    'a decision never contains a dead, drained, full, excluded or forbidden node, or a node of an unknown or disabled region',
    () => {
      fc.assert(
        fc.property(anyPolicy, anyHistory, anyCaller, anyWishes, points, (policy, history, caller, wishes, drawn) => {
          const { balancer, reading, nowMs } = playHistory(policy, history);
          const decision = balancer.choose(caller, wishes, nowMs, drawsOf(...drawn));
          if (!decision.ok) return;
          const allowed = reading.nodes.filter((node) => mayGet(node, caller, wishes, policy));
          const given = decision.nodes.map(({ name }) => name);
          expect(allowed.map(({ key }) => nameOf(key))).toEqual(expect.arrayContaining(given));
          expect(given.filter((name) => name.startsWith(`${decision.region}/`))).toEqual(given);
          expect(new Set(given).size).toBe(given.length);
          const inRegion = allowed.filter(({ key }) => key.region === decision.region);
          expect(given).toHaveLength(Math.min(wishes.maxNodes, inRegion.length));
        }),
        runs,
      );
    },
    propertyTimeoutMs,
  );

  test(
    'a decision has nodes exactly when the caller’s region or one of its targets has a node for the caller',
    () => {
      fc.assert(
        fc.property(anyPolicy, anyHistory, anyCaller, anyWishes, points, (written, history, caller, wishes, drawn) => {
          const policy: Policy = { ...written, overload: 'serve' };
          const { balancer, reading, nowMs } = playHistory(policy, history);
          const isAble = (region: string) =>
            reading.nodes.some((node) => node.key.region === region && mayGet(node, caller, wishes, policy));
          const { requireRegion, preferRegion } = wishes;
          const home = allowedHome(caller.homeRegion, allowedRegions(caller, policy), policy);
          const isPreferred = preferRegion !== undefined && isAble(preferRegion);
          const from = requireRegion ?? (isPreferred ? preferRegion : home);
          const targets = from === undefined || requireRegion !== undefined ? [] : policy.regions[from]?.spillover;
          const reachable = from === undefined ? [] : [from, ...(targets ?? []).map(({ region }) => region)];

          const decision = balancer.choose(caller, wishes, nowMs, drawsOf(...drawn));
          expect(decision.ok).toBe(reachable.some((region) => isAble(region)));
          expect(decision.ok ? reachable : [undefined]).toContain(decision.ok ? decision.region : undefined);
        }),
        runs,
      );
    },
    propertyTimeoutMs,
  );

  test(
    'the spill shares of a region sum to at most 1, and no two regions spill to each other',
    () => {
      fc.assert(
        fc.property(anyPolicy, anyHistory, (policy, history) => {
          const { spills } = playHistory(policy, history).balancer.status();
          const sent = names.map((name) =>
            spills.filter(({ from }) => from === name).reduce((sum, spill) => sum + spill.share, 0),
          );
          expect(Math.max(...sent)).toBeLessThanOrEqual(1 + 1e-9);
          expect(spills.filter(({ from, to }) => spills.some((back) => back.from === to && back.to === from))).toEqual(
            [],
          );
        }),
        runs,
      );
    },
    propertyTimeoutMs,
  );

  test(
    'every load, share and estimated figure is a number that is at least 0',
    () => {
      fc.assert(
        fc.property(anyPolicy, anyHistory, (policy, history) => {
          const { regions, spills } = playHistory(policy, history).balancer.status();
          const figures = [
            ...regions.flatMap(({ load, capacityMbps, meanCallSeconds, mbpsPerCredential }) => [
              load,
              capacityMbps,
              meanCallSeconds,
              mbpsPerCredential,
            ]),
            ...spills.map((spill) => spill.share),
          ];
          expect(figures.filter((figure) => !(figure >= 0 && figure < Number.POSITIVE_INFINITY))).toEqual([]);
        }),
        runs,
      );
    },
    propertyTimeoutMs,
  );
});
