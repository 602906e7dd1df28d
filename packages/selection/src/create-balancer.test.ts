import { describe, expect, test } from '@jest/globals';
import type { NodeReport } from '@turn-router/contract/registry';
import { balancerAfter, balancerOf, decide, halfLifeMs, issue, loadAfter, statusOf } from './balancer.fixture.ts';
import { createBalancer } from './create-balancer.ts';
import { sharesOf, uniformDraws } from './draws.fixture.ts';
import { idle, policy, policyWith, readingOf, reportAt } from './fleet.fixture.ts';

const counted = (allocations_started: number): NodeReport => ({
  ...reportAt(0.3),
  allocations: 100,
  allocations_started,
  boot_id: 'a',
});

const inZones = (...zones: readonly string[]) => ({ virginia: zones.map((zone) => ({ ...idle, zone })) });

describe('before the first reading', () => {
  test('calls are refused and the status is empty', () => {
    const balancer = createBalancer(policy);
    expect(decide(balancer)).toEqual({ ok: false, code: 'no_relay_available' });
    expect(balancer.status()).toEqual({ regions: [], spills: [], doubted: [], excluded: [], replicas: 1 });
  });
});

describe('the status', () => {
  test('has regions, spills, implausible nodes and replicas', () => {
    const fleet = {
      frankfurt: [0.9, { ...reportAt(2.5), cpu: 3 }],
      virginia: [0.1, { ...idle, bandwidth_capacity_mbps: 600 }, { ...idle, bandwidth_capacity_mbps: 1000 }],
      oregon: [0.1, { ...idle, status: 'draining' as const }],
      atlantis: [0],
      closed: [0],
    };
    const balancer = balancerAfter(readingOf(fleet, 3));
    const assumed = { meanCallSeconds: 90, mbpsPerCredential: 2 };
    expect(balancer.status()).toMatchObject({
      regions: [
        { region: 'frankfurt', load: 0.9, nodes: 2, capacityMbps: 2000, ...assumed },
        { region: 'virginia', load: expect.closeTo(0.1 / 2.6, 9), nodes: 3, capacityMbps: 2600, ...assumed },
        { region: 'oregon', load: 0.1, nodes: 1, capacityMbps: 1000, ...assumed },
      ],
      spills: [
        { from: 'frankfurt', to: 'virginia', share: 0.5 },
        { from: 'frankfurt', to: 'oregon', share: expect.closeTo(0.25, 9) },
      ],
      doubted: [{ name: 'frankfurt/n1', reason: 'beyond_capacity' }],
      replicas: 3,
    });
  });

  test('has only the two regions and the share of a spill', () => {
    const [spill] = balancerOf({ virginia: [0.85], oregon: [0] }).status().spills;
    expect(spill).toEqual({ from: 'virginia', to: 'oregon', share: expect.closeTo(0.5, 9) });
  });
});

describe('a reading', () => {
  test('with an unchanged report does not restart the estimates', () => {
    const balancer = balancerOf({ virginia: [0.5] });
    const reading = readingOf({ virginia: [0.5] });
    for (let nowMs = 0; nowMs <= halfLifeMs; nowMs += halfLifeMs / 4) {
      balancer.observe(reading, nowMs);
      issue(balancer, 100, { nowMs });
    }
    expect(balancer.status().doubted).toEqual([]);
    // 400 of the 500 were counted before the last reading, the last 100 after it.
    const left = 0.5 * 0.5 + 0.2 * (2 ** -1 + 2 ** -0.75 + 2 ** -0.5 + 2 ** -0.25);
    expect(statusOf(balancer)?.load).toBeCloseTo(left, 9);
  });

  test('with a trusted share of one half halves the calls of a node and keeps its load', () => {
    const { nodes, replicas } = readingOf({ virginia: [0.5, 0.5] });
    const balancer = balancerAfter({ nodes, replicas });
    const halved = nodes.map((reported, index) => (index === 0 ? { ...reported, trustedShare: 0.5 } : reported));
    balancer.observe({ nodes: halved, replicas }, 0);
    expect(statusOf(balancer)).toMatchObject({ load: 0.5, nodes: 2, capacityMbps: 1500 });
    expect(issue(balancer, 300)).toEqual({
      'virginia/n0': expect.closeTo(1 / 3, 1),
      'virginia/n1': expect.closeTo(2 / 3, 1),
    });
    balancer.observe({ nodes, replicas }, 0);
    expect(statusOf(balancer)).toMatchObject({ capacityMbps: 2000 });
  });

  test('in a different order with unchanged reports does not restart the estimates', () => {
    const { nodes, replicas } = readingOf({ virginia: [0.5, 0.3] });
    const balancer = balancerAfter({ nodes, replicas });
    for (const order of [nodes.toReversed(), nodes, nodes.toReversed()]) {
      issue(balancer, 100);
      balancer.observe({ nodes: order, replicas }, 0);
    }
    expect(balancer.status().doubted).toEqual([]);
    // 300 credentials of 2 Mbit/s on 2000.
    expect(statusOf(balancer)?.load).toBeCloseTo(0.7, 9);
  });

  test('that is applied in parts has the same result', () => {
    const reports = { virginia: [0.5, 0.3, 0.1], oregon: [0.2], closed: [0.1] };
    const [parted, whole] = [balancerOf(reports), balancerOf(reports)];
    const next = readingOf({ virginia: [0.6, 0.4, 0.1, 0.9], oregon: [0.3], closed: [0.2] });
    for (const balancer of [parted, whole]) issue(balancer, 50);
    for (const reported of next.nodes) parted.takeReports([reported], 5_000);
    for (const balancer of [parted, whole]) balancer.observe(next, 5_000);
    expect(parted.status()).toEqual(whole.status());
    expect(issue(parted, 300, { nowMs: 5_000 })).toEqual(issue(whole, 300, { nowMs: 5_000 }));
  });

  test('that is partly applied is not applied again when the policy changes', () => {
    const balancer = balancerOf({ virginia: [0.5] });
    balancer.takeReports(readingOf({ virginia: [0.7] }).nodes, 0);
    balancer.usePolicy(policy, 0);
    expect(statusOf(balancer)?.load).toBeCloseTo(0.7, 9);
  });

  test('with a new report with unchanged figures keeps the issued work', () => {
    const balancer = balancerOf({ virginia: [0.5] });
    issue(balancer, 4);
    const load = loadAfter(balancer, readingOf({ virginia: [0.5] }), halfLifeMs);
    // The report raised the estimated work per credential, because the work stayed the same although calls ended.
    const { mbpsPerCredential = 0 } = statusOf(balancer) ?? {};
    expect(mbpsPerCredential).toBeGreaterThan(2);
    expect(load).toBeCloseTo(0.25 + (4 * 0.5 * mbpsPerCredential) / 1000, 9);
  });

  test('without a node removes the node at once; if a later reading contains the node, it starts from zero', () => {
    const both = readingOf({ virginia: [0.5, 0.7] });
    const balancer = createBalancer(policy);
    balancer.observe(both, 0);
    issue(balancer, 50);
    balancer.observe({ ...both, nodes: both.nodes.slice(0, 1) }, 1000);
    expect(issue(balancer, 50, { nowMs: 1000 })).toEqual({ 'virginia/n0': expect.closeTo(1, 9) });
    balancer.observe(readingOf({}), 2000);
    expect(decide(balancer, { nowMs: 2000 })).toEqual({ ok: false, code: 'no_relay_available' });
    expect(loadAfter(balancer, both, 3000)).toBeCloseTo(0.6, 9);
    expect(statusOf(balancer)).toMatchObject({ nodes: 2, capacityMbps: 2000 });
  });

  test.each<[string, Partial<NodeReport>]>([
    ['drains', { status: 'draining' }],
    ['is unhealthy', { status: 'unhealthy' }],
    ['is at its limit of allocations', { allocations: 5, allocations_capacity: 5 }],
  ])('in which a node %s removes the node, and the next reading restores it', (_, report) => {
    const balancer = balancerOf({ virginia: [0.5] });
    balancer.observe(readingOf({ virginia: [{ ...reportAt(0.5), ...report }] }), 1000);
    expect(decide(balancer)).toEqual({ ok: false, code: 'no_relay_available' });
    balancer.observe(readingOf({ virginia: [0.5] }), 2000);
    expect(decide(balancer)).toMatchObject({ ok: true, nodes: [{ name: 'virginia/n0' }] });
  });

  test('with a changed capacity changes the node’s share', () => {
    const balancer = balancerOf({ virginia: [idle, idle] });
    balancer.observe(readingOf({ virginia: [idle, { ...idle, bandwidth_capacity_mbps: 111 }] }), 0);
    const random = uniformDraws(5);
    const { 'virginia/n1': share = 0 } = sharesOf(4000, () => {
      const decision = decide(balancer, { random });
      return decision.ok ? decision.nodes[0]?.name : undefined;
    });
    expect(Math.abs(share - 0.1)).toBeLessThan(0.02);
  });

  test('with new zones spreads decisions over them', () => {
    const balancer = balancerOf(inZones('a', 'a', 'a', 'a'));
    balancer.observe(readingOf(inZones('a', 'a', 'a', 'b')), 5000);
    const random = uniformDraws(4);
    const spread = sharesOf(100, () => {
      const decision = decide(balancer, { random }, { maxNodes: 2 });
      return decision.ok
        ? decision.nodes
            .map(({ failureDomain }) => failureDomain)
            .toSorted()
            .join(', ')
        : undefined;
    });
    expect(spread).toEqual({ 'zone a, zone b': expect.closeTo(1, 9) });
  });

  test('updates the estimated figures of calls', () => {
    const balancer = balancerOf({ virginia: [counted(0)], oregon: [0] });
    balancer.observe(readingOf({ virginia: [counted(10)], oregon: [0] }), 5000);
    // 10 of 100 calls ended in 5 s; the assumed 90 s weigh as much as 20.
    expect(statusOf(balancer)?.meanCallSeconds).toBeCloseTo((100 * 5 + 20 * 90) / (10 + 20), 9);
    expect(statusOf(balancer, 'oregon')?.meanCallSeconds).toBe(90);
  });
});

describe('a policy', () => {
  test('that changes keeps issued work and estimated figures', () => {
    const balancer = balancerOf({ virginia: [0.5] });
    issue(balancer, 10);
    balancer.usePolicy(policyWith({ spillover: { start: 0.5, full: 0.6 } }), halfLifeMs);
    expect(statusOf(balancer)?.load).toBeCloseTo(0.26, 9);
  });

  test('is in force with the next decision', () => {
    const balancer = balancerOf({ virginia: [0.7], oregon: [0.98], frankfurt: [0.98] });
    expect(decide(balancer)).toMatchObject({ ok: true, reason: 'home' });
    balancer.usePolicy(policyWith({ spillover: { start: 0.5, full: 0.6 }, overload: 'refuse' }), 0);
    expect(decide(balancer)).toEqual({ ok: false, code: 'fleet_overloaded' });
  });

  test('with another default capacity applies to known reports at once', () => {
    const balancer = balancerOf({ virginia: [0.5] });
    balancer.usePolicy(policyWith({ capacity: { bandwidthMbps: 2000 } }), 0);
    expect(statusOf(balancer)).toMatchObject({ load: 0.25, capacityMbps: 2000 });
  });

  test('that disables a region removes its nodes; a policy that enables the region restores them', () => {
    const reading = readingOf({ virginia: [0.5], oregon: [0.2] });
    const balancer = createBalancer(policy);
    balancer.observe(reading, 0);
    issue(balancer, 100);
    const regions = { ...policy.regions, virginia: { ...policy.regions['virginia'], enabled: false } };
    const without = policyWith({ defaultRegion: 'oregon', regions });
    balancer.usePolicy(without, 1000);
    expect(statusOf(balancer)).toBeUndefined();
    expect(decide(balancer)).toMatchObject({ ok: true, region: 'oregon', reason: 'outage' });
    balancer.observe(reading, 2000);
    expect(decide(balancer, {}, { requireRegion: 'virginia' })).toEqual({ ok: false, code: 'region_unavailable' });

    balancer.usePolicy(policy, 3000);
    expect(decide(balancer)).toMatchObject({ ok: true, region: 'virginia', reason: 'home' });
    expect(statusOf(balancer)).toMatchObject({ load: 0.5, nodes: 1 });
  });

  test('that drops a region makes it unknown', () => {
    const balancer = balancerOf({ virginia: [0.5], oregon: [0.2] });
    balancer.usePolicy(policyWith({ regions: { virginia: { location: [0, 0] } } }), 1000);
    expect(statusOf(balancer, 'oregon')).toBeUndefined();
    expect(decide(balancer, {}, { requireRegion: 'oregon' })).toEqual({
      ok: false,
      code: 'unknown_region',
      field: 'requireRegion',
    });
  });
});
