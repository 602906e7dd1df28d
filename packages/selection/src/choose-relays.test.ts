import { describe, expect, test } from '@jest/globals';
import { policySchema, type NodeReport } from '@turn-router/contract';
import fc from 'fast-check';
import { chooseRelays, type RelayWishes } from './choose-relays.ts';
import { createFleet } from './fleet.ts';

const policy = policySchema.parse({
  defaultRegion: 'virginia',
  regions: {
    virginia: { location: [38.95, -77.45], spillover: ['oregon', 'frankfurt'] },
    oregon: { location: [45.84, -119.7], spillover: ['virginia'] },
    frankfurt: { location: [50.11, 8.68], spillover: [{ region: 'virginia', maxShare: 0.5 }, 'oregon'] },
    island: { location: [64.1, -21.9] },
    closed: { location: [0, 0], enabled: false },
  },
});

const idle: NodeReport = { status: 'healthy', cpu: 0, bandwidth_mbps: 0, public_ip: '192.0.2.1', port: 3478 };
const at = (load: number): NodeReport => ({ ...idle, bandwidth_mbps: load * 1000 });

/** `{frankfurt: [0.9]}` is a fleet of one node in Frankfurt at 90 %. */
function decide(
  home: string,
  reports: Record<string, (number | NodeReport)[]>,
  wishes: Partial<RelayWishes> = {},
  draws: number[] = [],
) {
  const records = Object.entries(reports).flatMap(([region, nodes]) =>
    nodes.map((report, index) => ({
      key: { region, id: `n${index}` },
      report: typeof report === 'number' ? at(report) : report,
    })),
  );
  const rest = [...draws];
  const decision = chooseRelays(
    home,
    { maxNodes: 1, ...wishes },
    createFleet(records, policy),
    policy,
    () => rest.shift() ?? 0,
  );
  return decision.ok ? { ...decision, nodes: decision.nodes.map(({ name }) => name) } : decision;
}

describe('the region of a call', () => {
  test('is the caller’s own when it has room', () => {
    expect(decide('frankfurt', { frankfurt: [0.7], virginia: [0] })).toEqual({
      ok: true,
      region: 'frankfurt',
      reason: 'home',
      nodes: ['frankfurt/n0'],
    });
  });

  test.each([
    ['below the share: the first target', 0.2, 'virginia'],
    ['past the first target’s cap: the second', 0.6, 'oregon'],
    ['past the share: home', 0.8, 'frankfurt'],
  ])('at 90 %% of its capacity, drawn %s', (_, point, region) => {
    const decision = decide('frankfurt', { frankfurt: [0.9], virginia: [0.1], oregon: [0.1] }, {}, [point]);
    expect(decision).toMatchObject(
      region === 'frankfurt' ? { region, reason: 'home' } : { region, reason: 'spill', spilledFrom: 'frankfurt' },
    );
  });

  test('is never a target that is itself past its start', () => {
    const fleet = { frankfurt: [1.2], virginia: [0.75], oregon: [0.74] };
    expect(decide('frankfurt', fleet, {}, [0.2])).toMatchObject({ region: 'oregon', spilledFrom: 'frankfurt' });
  });

  test('stays home, overloaded, when no target has room', () => {
    expect(decide('frankfurt', { frankfurt: [1.2], virginia: [0.9], oregon: [0.9] })).toMatchObject({
      region: 'frankfurt',
      reason: 'home',
    });
  });

  test('is the next of the map when the whole region is gone', () => {
    expect(decide('frankfurt', { virginia: [0.1], oregon: [0] })).toMatchObject({
      region: 'virginia',
      reason: 'outage',
      spilledFrom: 'frankfurt',
    });
  });

  test('is the least full of the map when the region is gone and every target is past its start', () => {
    expect(decide('frankfurt', { virginia: [0.95], oregon: [0.9] })).toMatchObject({
      region: 'oregon',
      reason: 'outage',
    });
  });

  test('is none when neither the region nor its map has a node', () => {
    expect(decide('island', { virginia: [0], frankfurt: [0] })).toEqual({ ok: false, code: 'no_relay_available' });
    expect(decide('virginia', {})).toEqual({ ok: false, code: 'no_relay_available' });
  });

  test.each(['unhealthy', 'draining'] as const)('does not count %s nodes', (status) => {
    expect(decide('frankfurt', { frankfurt: [{ ...idle, status }], virginia: [0] })).toMatchObject({
      region: 'virginia',
    });
  });

  test('is never one that the policy does not know or has switched off', () => {
    expect(decide('virginia', { atlantis: [0], closed: [0] })).toEqual({ ok: false, code: 'no_relay_available' });
  });
});

describe('a caller’s wishes', () => {
  test('a required region holds whatever its load', () => {
    expect(decide('virginia', { virginia: [0], frankfurt: [2] }, { requireRegion: 'frankfurt' }, [0, 0])).toMatchObject(
      {
        region: 'frankfurt',
        reason: 'required',
      },
    );
  });

  test('a required region without a relay ends in an error', () => {
    expect(decide('virginia', { virginia: [0] }, { requireRegion: 'frankfurt' })).toEqual({
      ok: false,
      code: 'region_unavailable',
    });
  });

  test('a preferred region stands in for the caller’s own, and spills as its own', () => {
    const fleet = { virginia: [0], frankfurt: [1] };
    expect(decide('oregon', { ...fleet, frankfurt: [0] }, { preferRegion: 'frankfurt' })).toEqual({
      ok: true,
      region: 'frankfurt',
      reason: 'preferred',
      nodes: ['frankfurt/n0'],
    });
    expect(decide('oregon', fleet, { preferRegion: 'frankfurt' }, [0.1])).toMatchObject({
      region: 'virginia',
      spilledFrom: 'frankfurt',
    });
  });

  test('a preferred region without a relay is passed over', () => {
    expect(decide('virginia', { virginia: [0] }, { preferRegion: 'frankfurt' })).toMatchObject({
      region: 'virginia',
      reason: 'home',
    });
  });

  test.each(['requireRegion', 'preferRegion'] as const)('an unknown region in %s is an error', (field) => {
    expect(decide('virginia', { virginia: [0] }, { [field]: 'atlantis' })).toEqual({
      ok: false,
      code: 'unknown_region',
      field,
    });
  });

  test('only nodes with a wished transport come into question; TLS needs a name and a port', () => {
    const tls: NodeReport = { ...idle, transports: ['tls'], tls_port: 443 };
    const wishes = { transports: ['tls' as const] };
    expect(
      decide('virginia', { virginia: [idle, tls, { ...tls, hostname: 'turn.example.org' }] }, wishes),
    ).toMatchObject({
      nodes: ['virginia/n2'],
    });
    expect(decide('virginia', { virginia: [idle, tls] }, wishes)).toEqual({ ok: false, code: 'no_relay_available' });
  });

  test('excluded nodes are not used, even if that leaves the region', () => {
    const fleet = { virginia: [0, 0], oregon: [0] };
    expect(decide('virginia', fleet, { excludeNodes: ['virginia/n0'] })).toMatchObject({ nodes: ['virginia/n1'] });
    expect(decide('virginia', fleet, { excludeNodes: ['virginia/n0', 'virginia/n1'] })).toMatchObject({
      nodes: ['oregon/n0'],
      reason: 'outage',
    });
  });

  test('several nodes are different ones of one region', () => {
    const decision = decide('virginia', { virginia: [0, 0, 0], oregon: [0] }, { maxNodes: 4 }, [0.9, 0.1, 0.5, 0.5]);
    expect(decision).toMatchObject({ ok: true });
    expect('nodes' in decision ? decision.nodes.toSorted() : []).toEqual(['virginia/n0', 'virginia/n1', 'virginia/n2']);
  });
});

test('no fleet, wish or draw leads to a node that is not healthy, excluded or of a region outside the map', () => {
  const regions = Object.keys(policy.regions);
  const report = fc.record({
    load: fc.double({ min: 0, max: 3, noNaN: true }),
    status: fc.constantFrom('healthy' as const, 'unhealthy' as const, 'draining' as const),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...regions.filter((region) => region !== 'closed')),
      fc.dictionary(fc.constantFrom(...regions, 'atlantis'), fc.array(report, { maxLength: 4 })),
      fc.record(
        {
          requireRegion: fc.constantFrom(...regions),
          preferRegion: fc.constantFrom(...regions),
          excludeNodes: fc.array(fc.constantFrom('virginia/n0', 'frankfurt/n1')),
          maxNodes: fc.integer({ min: 1, max: 4 }),
        },
        { requiredKeys: [] },
      ),
      fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 10, maxLength: 10 }),
      (home, fleet, wishes, draws) => {
        const reports = Object.fromEntries(
          Object.entries(fleet).map(([region, nodes]) => [
            region,
            nodes.map(({ load, status }) => ({ ...at(load), status })),
          ]),
        );
        const decision = decide(home, reports, wishes, draws);
        if (!decision.ok) return;
        const from = wishes.requireRegion ?? decision.spilledFrom ?? decision.region;
        const reachable = [from, ...(policy.regions[from]?.spillover ?? []).map(({ region }) => region)];
        expect(reachable).toContain(decision.region);
        expect(decision.nodes.length).toBeGreaterThan(0);
        expect(new Set(decision.nodes).size).toBe(decision.nodes.length);
        for (const name of decision.nodes) {
          const [region = '', id = ''] = name.split('/');
          expect(region).toBe(decision.region);
          expect(reports[region]?.[Number(id.slice(1))]?.status).toBe('healthy');
          expect(wishes.excludeNodes ?? []).not.toContain(name);
        }
      },
    ),
  );
});
