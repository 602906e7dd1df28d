import { describe, expect, test } from '@jest/globals';
import { policySchema } from '@turn-router/contract';
import fc from 'fast-check';
import { createNodePool, pickNode } from './node-pool.ts';
import { relayNodeFromReport, type RelayNode } from './relay-node.ts';

const policy = policySchema.parse({ defaultRegion: 'eu', regions: { eu: { location: [50, 8] } } });

function node(id: string, capacityMbps: number, used = 0): RelayNode {
  return relayNodeFromReport(
    { region: 'eu', id },
    {
      status: 'healthy',
      cpu: 0,
      bandwidth_mbps: used * capacityMbps,
      bandwidth_capacity_mbps: capacityMbps,
      public_ip: '192.0.2.1',
      port: 3478,
    },
    policy,
  );
}

/** Draws spread evenly over the square of both choices. */
function shares(nodes: RelayNode[], steps = 200): Record<string, number> {
  const pool = createNodePool(nodes);
  const share: Record<string, number> = {};
  for (let i = 0; i < steps; i += 1) {
    for (let j = 0; j < steps; j += 1) {
      const draws = [(i + 0.5) / steps, (j + 0.5) / steps];
      const id = pickNode(pool, () => draws.shift() ?? 0)?.key.id ?? 'none';
      share[id] = (share[id] ?? 0) + 1 / (steps * steps);
    }
  }
  return share;
}

describe('pickNode', () => {
  test('has nothing to pick from an empty pool', () => {
    expect(pickNode(createNodePool([]), () => 0.5)).toBeUndefined();
  });

  test('never takes the more loaded of two', () => {
    expect(shares([node('idle', 100, 0.1), node('busy', 900, 0.9)])).toEqual({ idle: expect.closeTo(1) });
  });

  test('takes equally loaded nodes in proportion to capacity', () => {
    const share = shares([node('small', 100), node('large', 300)]);
    expect(share['small']).toBeCloseTo(0.25, 2);
    expect(share['large']).toBeCloseTo(0.75, 2);
  });

  test('leaves work for all but the fullest node of three', () => {
    const share = shares([node('a', 100, 0.1), node('b', 100, 0.5), node('c', 100, 0.9)]);
    expect(share['a']).toBeCloseTo(2 / 3, 2);
    expect(share['b']).toBeCloseTo(1 / 3, 2);
    expect(share['c']).toBeUndefined();
  });

  test('finds a node for every draw, and never compares one with itself', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 20 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (capacities, first, second) => {
          // The later in the list, the less loaded: a pair of different nodes never yields the very first, fullest one.
          const nodes = capacities.map((capacity, index) => node(`n${index}`, capacity, 1 - index / capacities.length));
          const draws = [first, second];
          const picked = pickNode(createNodePool(nodes), () => draws.shift() ?? 0);
          expect(nodes.slice(1)).toContain(picked);
        },
      ),
    );
  });
});
