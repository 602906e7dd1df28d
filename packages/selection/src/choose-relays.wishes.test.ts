import { describe, expect, test } from '@jest/globals';
import type { NodeReport } from '@turn-router/contract/registry';
import type { RelayWishes } from './relay-decision.ts';
import { idle } from './fleet.fixture.ts';
import { decide, noRelay } from './relay-question.fixture.ts';

describe('a required region', () => {
  const wishes = { requireRegion: 'frankfurt' };

  test('gets the call at any spill share', () => {
    expect(decide({ fleet: { virginia: [0.9], frankfurt: [0.94] }, wishes, shares: { oregon: 1 } })).toEqual({
      ok: true,
      region: 'frankfurt',
      reason: 'required',
      nodes: ['frankfurt/n0'],
    });
  });

  test('gets the call when it is full, marked as overloaded', () => {
    expect(decide({ fleet: { virginia: [0], frankfurt: [0.95] }, wishes })).toEqual({
      ok: true,
      region: 'frankfurt',
      reason: 'required',
      overloaded: true,
      nodes: ['frankfurt/n0'],
    });
  });

  test.each([
    ['without a node', 'frankfurt', { virginia: [0] }],
    ['that is disabled', 'closed', { virginia: [0] }],
  ])('%s is refused', (_, requireRegion, fleet) => {
    expect(decide({ fleet, wishes: { requireRegion } })).toEqual({ ok: false, code: 'region_unavailable' });
  });
});

describe('a preferred region', () => {
  const wishes = { preferRegion: 'frankfurt' };

  test('replaces the home region', () => {
    expect(decide({ fleet: { virginia: [0], frankfurt: [0.5] }, wishes })).toEqual({
      ok: true,
      region: 'frankfurt',
      reason: 'preferred',
      nodes: ['frankfurt/n0'],
    });
  });

  test('has the reason preferred when it is the home region', () => {
    expect(decide({ home: 'frankfurt', fleet: { frankfurt: [0.5] }, wishes })).toMatchObject({ reason: 'preferred' });
  });

  test('counts as full at the same load as a home region', () => {
    const fleet = { virginia: [1], oregon: [1], frankfurt: [1] };
    expect(decide({ fleet, wishes })).toMatchObject({ region: 'frankfurt', reason: 'overload', overloaded: true });
  });

  test.each([
    ['without a node', 'frankfurt'],
    ['that is disabled', 'closed'],
  ])('%s is ignored', (_, preferRegion) => {
    const decision = decide({
      fleet: { virginia: [0], closed: [{ ...idle, status: 'draining' }] },
      wishes: { preferRegion },
    });
    expect(decision).toEqual({ ok: true, region: 'virginia', reason: 'home', nodes: ['virginia/n0'] });
  });

  test('is ignored when a region is required', () => {
    const fleet = { virginia: [0], oregon: [0], frankfurt: [0] };
    expect(decide({ fleet, wishes: { ...wishes, requireRegion: 'oregon' } })).toMatchObject({
      region: 'oregon',
      reason: 'required',
    });
  });

  test('spills like a home region', () => {
    const fleet = { virginia: [0.1], oregon: [0], frankfurt: [0.9] };
    expect(decide({ home: 'oregon', fleet, wishes, shares: { virginia: 0.5 }, point: 0.49 })).toMatchObject({
      region: 'virginia',
      reason: 'spill',
      spilledFrom: 'frankfurt',
    });
  });
});

test.each(['requireRegion', 'preferRegion'] as const)('an unknown region in %s is an error', (field) => {
  for (const region of ['atlantis', 'constructor']) {
    expect(decide({ fleet: { virginia: [0] }, wishes: { [field]: region } })).toEqual({
      ok: false,
      code: 'unknown_region',
      field,
    });
  }
});

describe('nodes', () => {
  test.each<[string, Partial<RelayWishes>, string[]]>([
    ['with a requested transport', { transports: ['tls'] }, ['virginia/n2']],
    ['with one of several requested transports', { transports: ['tls', 'tcp'] }, ['virginia/n0', 'virginia/n2']],
    ['that are not excluded', { excludeNodes: ['virginia/n0', 'virginia/n2', 'oregon/n1'] }, ['virginia/n1']],
    [
      'with a requested transport that are not excluded',
      { transports: ['udp'], excludeNodes: ['virginia/n0'] },
      ['virginia/n1', 'virginia/n2'],
    ],
    ['of any kind without wishes', {}, ['virginia/n0', 'virginia/n1', 'virginia/n2']],
    [
      'of any kind with an empty list of excluded nodes',
      { excludeNodes: [] },
      ['virginia/n0', 'virginia/n1', 'virginia/n2'],
    ],
  ])('are chosen only %s', (_, wishes, nodes) => {
    const named: NodeReport = { ...idle, transports: ['udp', 'tls'], tls_port: 443, hostname: 'turn.example.org' };
    const nameless: NodeReport = { ...idle, transports: ['udp', 'tls'], tls_port: 443 };
    const decision = decide({ fleet: { virginia: [idle, nameless, named] }, wishes: { ...wishes, maxNodes: 4 } });
    expect(decision).toMatchObject({ ok: true, region: 'virginia' });
    expect('nodes' in decision ? decision.nodes.toSorted() : []).toEqual(nodes);
  });

  test.each<[string, Partial<RelayWishes>]>([
    ['is excluded', { excludeNodes: ['virginia/n0'] }],
    ['lacks the requested transport', { transports: ['tls'] }],
  ])('come from another region when the only node at home %s', (_, wishes) => {
    const tls: NodeReport = { ...idle, transports: ['tls'], tls_port: 443, hostname: 'turn.example.org' };
    expect(decide({ fleet: { virginia: [0], oregon: [tls] }, wishes })).toMatchObject({
      region: 'oregon',
      reason: 'outage',
      nodes: ['oregon/n0'],
    });
    expect(decide({ fleet: { virginia: [0] }, wishes })).toEqual(noRelay);
    expect(
      decide({ fleet: { virginia: [0], oregon: [tls] }, wishes: { ...wishes, requireRegion: 'virginia' } }),
    ).toEqual({
      ok: false,
      code: 'region_unavailable',
    });
  });

  test.each([
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 3],
  ])('are different and from one region: maxNodes %i gives %i', (maxNodes, count) => {
    const decision = decide({ fleet: { virginia: [0, 0, 0], oregon: [0] }, wishes: { maxNodes } });
    const nodes = 'nodes' in decision ? decision.nodes : [];
    expect(new Set(nodes).size).toBe(count);
    expect(nodes.every((name) => name.startsWith('virginia/'))).toBe(true);
  });
});
