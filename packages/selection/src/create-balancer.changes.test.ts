import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decide, statusOf } from './balancer.fixture.ts';
import type { Balancer } from './balancer.ts';
import { createBalancer } from './create-balancer.ts';
import { drawsOf } from './draws.fixture.ts';
import type { FleetChange, FleetReading, ReportedNode } from './fleet-change.ts';
import { policy, policyWith, reportAt } from './fleet.fixture.ts';
import { propertyRuns, propertyTimeoutMs } from './property-runs.fixture.ts';
import { anyHistory, anyPolicy, nameOf } from './router-life.fixture.ts';

const node = (id: string, load: number): ReportedNode => ({ key: { region: 'virginia', id }, report: reportAt(load) });

const closed = (load: number): ReportedNode => ({ key: { region: 'closed', id: 'n0' }, report: reportAt(load) });

function apply(balancer: Balancer, change: Partial<FleetChange>, nowMs = 0): void {
  balancer.apply({ changed: [], retrusted: [], gone: [], replicas: 1, ...change }, nowMs);
}

describe('a balancer that gets changes', () => {
  test('keeps unchanged nodes', () => {
    const balancer = createBalancer(policy);
    apply(balancer, { changed: [node('n0', 0.2), node('n1', 0.4)] });
    apply(balancer, { changed: [node('n1', 0.8)] });
    expect(statusOf(balancer)).toMatchObject({ nodes: 2, load: expect.closeTo(0.5, 9) });
    apply(balancer, { gone: [{ region: 'virginia', id: 'n1' }], replicas: 3 });
    expect(statusOf(balancer)).toMatchObject({ nodes: 1, load: expect.closeTo(0.2, 9) });
    expect(balancer.status().replicas).toBe(3);
  });

  test('counts only half the capacity of a node with a trusted share of one half', () => {
    const balancer = createBalancer(policy);
    const half = { ...node('n1', 0.4), trustedShare: 0.5 };
    apply(balancer, { changed: [node('n0', 0.4), node('n1', 0.4)] });
    apply(balancer, { retrusted: [half] });
    expect(statusOf(balancer)).toMatchObject({ nodes: 2, load: expect.closeTo(0.4, 9), capacityMbps: 1500 });
  });

  test('uses the last reports of the nodes of a region that is enabled later', () => {
    const balancer = createBalancer(policy);
    apply(balancer, { changed: [closed(0.1), { ...closed(0.1), key: { region: 'closed', id: 'n1' } }] });
    apply(balancer, { changed: [closed(0.6)], gone: [{ region: 'closed', id: 'n1' }] });
    expect(statusOf(balancer, 'closed')).toBeUndefined();
    const opened = policyWith({ regions: { ...policy.regions, closed: { location: [0, 0] } } });
    balancer.usePolicy(opened, 0);
    expect(statusOf(balancer, 'closed')).toMatchObject({ nodes: 1, load: expect.closeTo(0.6, 9) });
    balancer.usePolicy(policy, 0);
    expect(statusOf(balancer, 'closed')).toBeUndefined();
    balancer.usePolicy(opened, 0);
    expect(statusOf(balancer, 'closed')).toMatchObject({ nodes: 1, load: expect.closeTo(0.6, 9) });
  });

  test('applies reports before the change that contains them', () => {
    const balancer = createBalancer(policy);
    balancer.takeReports([node('n0', 0.2)], 0);
    expect(balancer.countNodes()).toBe(0);
    apply(balancer, { changed: [node('n1', 0.4)] });
    expect(statusOf(balancer)).toMatchObject({ nodes: 2, load: expect.closeTo(0.3, 9) });
  });

  test(
    'decides like a balancer that gets whole readings',
    () => {
      fc.assert(
        fc.property(anyPolicy, anyHistory, (read, history) => {
          const byReadings = createBalancer(read);
          const byChanges = createBalancer(read);
          let last: FleetReading = { nodes: [], replicas: 1 };
          let nowMs = 0;
          for (const { elapsedMs, reading, isRepeated, issued } of history) {
            nowMs += elapsedMs;
            const next = isRepeated ? last : reading;
            byReadings.observe(next, nowMs);
            byChanges.apply(changeBetween(last, next), nowMs);
            last = next;
            expect(byChanges.status()).toEqual(byReadings.status());
            for (const { caller, wishes, points } of issued) {
              const decision = byReadings.choose(caller, wishes, nowMs, drawsOf(...points));
              expect(byChanges.choose(caller, wishes, nowMs, drawsOf(...points))).toEqual(decision);
              if (!decision.ok) continue;
              byReadings.countIssued(decision.nodes, nowMs);
              byChanges.countIssued(decision.nodes, nowMs);
            }
          }
        }),
        { numRuns: propertyRuns },
      );
    },
    propertyTimeoutMs,
  );
});

/** Two readings of these histories are identical or have no report in common. */
function changeBetween(last: FleetReading, next: FleetReading): FleetChange {
  const names = new Set(next.nodes.map(({ key }) => nameOf(key)));
  return {
    changed: last === next ? [] : next.nodes,
    retrusted: [],
    gone: last.nodes.flatMap(({ key }) => (names.has(nameOf(key)) ? [] : key)),
    replicas: next.replicas,
  };
}

describe('nodes of last resort', () => {
  const withStatic = policyWith({
    regions: {
      virginia: { location: [38.95, -77.45], staticNodes: [{ id: 'last', publicIp: '192.0.2.9' }] },
      oregon: { location: [45.84, -119.7], spillover: ['virginia'] },
    },
  });
  const staticBalancer = () => createBalancer(withStatic, { staticNodes: 'last-resort', nowMs: 0 });
  const last = { ok: true, reason: 'static', region: 'virginia', nodes: [{ name: 'virginia/last' }] };

  test('take calls when the registry has no node for the caller, even if the caller requires their region', () => {
    const balancer = staticBalancer();
    expect(balancer.hasStaticNodes()).toBe(true);
    expect(decide(balancer)).toMatchObject(last);
    expect(decide(balancer)).not.toHaveProperty('spilledFrom');
    expect(decide(balancer, { home: 'oregon' })).toMatchObject({ ...last, spilledFrom: 'oregon' });
    expect(decide(balancer, {}, { requireRegion: 'virginia' })).toMatchObject(last);
    expect(decide(balancer, {}, { requireRegion: 'oregon' })).toEqual({ ok: false, code: 'region_unavailable' });
    expect(decide(balancer, {}, { excludeNodes: ['virginia/last'] })).toEqual({
      ok: false,
      code: 'no_relay_available',
    });
  });

  test('take no calls while the registry has nodes, and are not counted', () => {
    const balancer = staticBalancer();
    apply(balancer, { changed: [node('n0', 0.2)] });
    expect(decide(balancer)).toMatchObject({ reason: 'home', nodes: [{ name: 'virginia/n0' }] });
    expect(balancer.countNodes()).toBe(1);
    apply(balancer, { gone: [{ region: 'virginia', id: 'n0' }] });
    expect(decide(balancer)).toMatchObject(last);
  });

  test('follow the policy, and are unused without the option', () => {
    const balancer = staticBalancer();
    balancer.usePolicy(policy, 0);
    expect([balancer.hasStaticNodes(), decide(balancer)]).toEqual([false, { ok: false, code: 'no_relay_available' }]);
    balancer.usePolicy(withStatic, 0);
    expect(decide(balancer)).toMatchObject(last);
    expect(decide(createBalancer(withStatic))).toEqual({ ok: false, code: 'no_relay_available' });
  });
});
