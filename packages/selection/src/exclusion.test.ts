import { describe, expect, test } from '@jest/globals';
import { balancerOf, decide } from './balancer.fixture.ts';
import { createBalancer } from './create-balancer.ts';
import { exclusionByClock } from './exclusion.ts';
import { idle, policy, policyWith, readingOf } from './fleet.fixture.ts';

test.each([
  [undefined, undefined],
  [0, undefined],
  [59_999, undefined],
  [-59_999, undefined],
  [60_000, 'clock_ahead'],
  [-60_000, 'clock_behind'],
  [3_155_760_000_000, 'clock_ahead'],
  [-3_155_760_000_000, 'clock_behind'],
])('a clock offset of %j ms excludes a node as %s', (offsetMs, reason) => {
  expect(exclusionByClock(offsetMs)).toBe(reason);
});

test.each([
  ['the registry is wrong', 3_600_000, 3_600_000, undefined],
  ['the registry is wrong', -3_600_000, -3_600_000, undefined],
  ['the router is behind', 0, -60_000, 'clock_ahead'],
  ['the router is ahead', 0, 3_600_000, undefined],
  ['the router is ahead, and so is the node', 660_000, 660_000, undefined],
  ['the router is a little behind, and the node a little ahead', 30_000, -30_000, 'clock_ahead'],
  ['the node is behind both', -7_200_000, 20, 'clock_behind'],
  ['the node is ahead of both', 7_200_000, -20, 'clock_ahead'],
])('if %s (node %i ms, router %i ms), a node is excluded as %s', (_, nodeMs, ownMs, reason) => {
  expect(exclusionByClock(nodeMs, ownMs)).toBe(reason);
});

const wrong = { ...idle, clock_offset_ms: 660_000 };

describe('an excluded node', () => {
  test('gets no calls, adds no capacity, and is in the status with its reason', () => {
    const balancer = balancerOf({ virginia: [wrong, idle] });
    expect(balancer.status()).toMatchObject({
      regions: [{ region: 'virginia', nodes: 1, capacityMbps: 1000 }],
      excluded: [{ name: 'virginia/n0', reason: 'clock_ahead', report: wrong }],
    });
    expect(balancer.nodeStatus('virginia/n0', 0)?.exclusion).toBe('clock_ahead');
    expect(balancer.nodeStatus('virginia/n1', 0)?.exclusion).toBeUndefined();
  });

  test('leaves its region without a node if it is the only one, and is back with its next right report', () => {
    const balancer = balancerOf({ virginia: [wrong] });
    expect(decide(balancer)).toEqual({ ok: false, code: 'no_relay_available' });
    balancer.observe(readingOf({ virginia: [{ ...idle, clock_offset_ms: 59_000 }] }), 5_000);
    expect(decide(balancer)).toMatchObject({ ok: true });
    expect(balancer.status().excluded).toEqual([]);
  });

  test('stays excluded after it has vanished from the registry and is kept', () => {
    const balancer = createBalancer(policy);
    const [node] = readingOf({ virginia: [wrong] }).nodes;
    if (node === undefined) throw new Error('no node');
    balancer.apply({ changed: [node], retrusted: [], gone: [], replicas: 1 }, 0);
    balancer.apply({ changed: [], retrusted: [{ ...node, trustedShare: 0.5 }], gone: [], replicas: 1 }, 1);
    expect(balancer.countNodes()).toBe(0);
  });

  test('stays excluded when its claim is bounded, whether its claim or the median of its region changes', () => {
    const large = { ...wrong, bandwidth_capacity_mbps: 1e5 };
    const balancer = balancerOf({ virginia: [large, idle, idle] });
    for (const [second, capacityMbps] of [1000, 2000, 500].entries()) {
      const other = { ...idle, bandwidth_capacity_mbps: capacityMbps };
      balancer.observe(readingOf({ virginia: [large, other, other] }), second * 5_000);
      expect(balancer.nodeStatus('virginia/n0', second * 5_000)).toMatchObject({
        exclusion: 'clock_ahead',
        unproven: 'unproven_capacity',
      });
      expect(balancer.countNodes()).toBe(2);
    }
    balancer.usePolicy(policyWith({ capacity: { maxMbps: 5000 } }), 20_000);
    expect(balancer.countNodes()).toBe(2);
  });

  test('is judged again when the policy is applied, by the function of the program', () => {
    let isExcluded = false;
    const findExclusion = () => (isExcluded ? ('secret_mismatch' as const) : undefined);
    const balancer = createBalancer(policy, { staticNodes: 'last-resort', nowMs: 0, findExclusion });
    balancer.observe(readingOf({ virginia: [wrong] }), 0);
    expect(balancer.countNodes()).toBe(1);
    isExcluded = true;
    balancer.usePolicy(policy, 1);
    expect(balancer.countNodes()).toBe(0);
    expect(balancer.status().excluded).toMatchObject([{ reason: 'secret_mismatch' }]);
  });
});
