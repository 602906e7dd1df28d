import { describe, expect, test } from '@jest/globals';
import type { NodeReport } from '@turn-router/contract/registry';
import { idle, policyWith } from './fleet.fixture.ts';
import { decide, noRelay, type RelayQuestion } from './relay-question.fixture.ts';

const overloadedFleet = { ok: false, code: 'fleet_overloaded' };
const refusing = policyWith({ overload: 'refuse' });

describe('a call', () => {
  test('stays home when there is free capacity', () => {
    expect(decide({ fleet: { virginia: [0.7], oregon: [0] } })).toEqual({
      ok: true,
      region: 'virginia',
      reason: 'home',
      nodes: ['virginia/n0'],
    });
  });

  test('spills in proportion to the spill share', () => {
    const question = { fleet: { virginia: [0.85], oregon: [0.1] }, shares: { oregon: 0.5 } };
    expect(decide({ ...question, point: 0.49 })).toEqual({
      ok: true,
      region: 'oregon',
      reason: 'spill',
      spilledFrom: 'virginia',
      nodes: ['oregon/n0'],
    });
    expect(decide({ ...question, point: 0.5 })).toMatchObject({ region: 'virginia', reason: 'home' });
  });

  test('goes to the targets when the region has no node', () => {
    expect(decide({ fleet: { oregon: [0.1] } })).toEqual({
      ok: true,
      region: 'oregon',
      reason: 'outage',
      spilledFrom: 'virginia',
      nodes: ['oregon/n0'],
    });
  });

  test.each([
    ['below the first target’s part of the headroom', 0.49, 'oregon'],
    ['above this part', 0.51, 'frankfurt'],
  ])('of a region without a node goes to a target by headroom: random point %s', (_, point, region) => {
    expect(decide({ fleet: { oregon: [0.8], frankfurt: [0.8] }, point })).toMatchObject({ region, reason: 'outage' });
  });

  test('is refused when neither the region nor its targets have a node', () => {
    expect(decide({ home: 'island', fleet: { virginia: [0], frankfurt: [0] } })).toEqual(noRelay);
    expect(decide({ fleet: {} })).toEqual(noRelay);
  });

  test.each<[string, Partial<NodeReport>]>([
    ['unhealthy', { status: 'unhealthy' }],
    ['draining', { status: 'draining' }],
    ['at its limit of allocations', { allocations: 10, allocations_capacity: 10 }],
  ])('does not go to a node that is %s', (_, report) => {
    const node = { ...idle, ...report };
    expect(decide({ fleet: { virginia: [node, 0.5] } })).toMatchObject({ nodes: ['virginia/n1'] });
    expect(decide({ fleet: { virginia: [node], oregon: [0] } })).toMatchObject({ region: 'oregon', reason: 'outage' });
    expect(decide({ fleet: { virginia: [node] } })).toEqual(noRelay);
  });

  test('goes to the less loaded of two nodes', () => {
    expect(decide({ fleet: { virginia: [0.6, 0.2] } })).toMatchObject({ nodes: ['virginia/n1'] });
  });
});

describe('a call when every possible region is full', () => {
  const full = { virginia: [1.2], oregon: [0.95], frankfurt: [1] };

  test('stays home, with the reason overload', () => {
    expect(decide({ fleet: full, shares: { oregon: 1 } })).toEqual({
      ok: true,
      region: 'virginia',
      reason: 'overload',
      overloaded: true,
      nodes: ['virginia/n0'],
    });
  });

  test('goes to the least loaded target when home has no node', () => {
    expect(decide({ fleet: { oregon: [0.99], frankfurt: [0.96] } })).toEqual({
      ok: true,
      region: 'frankfurt',
      reason: 'overload',
      spilledFrom: 'virginia',
      overloaded: true,
      nodes: ['frankfurt/n0'],
    });
  });

  test.each<[string, RelayQuestion, object]>([
    ['refused', { fleet: full }, overloadedFleet],
    ['refused if home has no node', { fleet: { oregon: [0.95] } }, overloadedFleet],
    ['refused in a required region', { fleet: full, wishes: { requireRegion: 'oregon' } }, overloadedFleet],
    ['not refused slightly below the limit', { fleet: { ...full, oregon: [0.9499] } }, { ok: true, reason: 'home' }],
    ['answered with no_relay_available if no node exists', { fleet: {} }, noRelay],
  ])('with overload: refuse is %s', (_, question, decision) => {
    expect(decide({ ...question, policy: refusing })).toMatchObject(decision);
  });
});
