import { describe, expect, test } from '@jest/globals';
import type { KeyRing } from './key-ring.ts';
import { createKeyRingOfNode } from './key-ring-of-node.ts';
import { nodeSecret } from './node-secret.ts';

const ring: KeyRing = {
  keys: [
    { id: '2026-11', secret: 'north-secret-of-2026' },
    { id: '2026-05', secret: 'south-secret-of-2026' },
  ],
};

describe('createKeyRingOfNode', () => {
  test('returns the ring itself in the mode shared', () => {
    const keyRingOfNode = createKeyRingOfNode('shared', ring);
    expect(keyRingOfNode('eu-central-1/node-01')).toBe(ring);
    expect(keyRingOfNode('eu-central-1/node-02')).toBe(ring);
  });

  test('derives each key in the mode per-node, and keeps order and ids', () => {
    expect(createKeyRingOfNode('per-node', ring)('eu-central-1/node-01')).toEqual({
      keys: [
        { id: '2026-11', secret: nodeSecret('north-secret-of-2026', 'eu-central-1/node-01') },
        { id: '2026-05', secret: nodeSecret('south-secret-of-2026', 'eu-central-1/node-01') },
      ],
    });
  });

  test('derives the keys of a node only once while the node is in the cache', () => {
    const keyRingOfNode = createKeyRingOfNode('per-node', ring, 2);
    const [first, second] = [keyRingOfNode('eu/1'), keyRingOfNode('eu/2')];
    expect(keyRingOfNode('eu/1')).toBe(first);
    keyRingOfNode('eu/3');
    expect(keyRingOfNode('eu/2')).toBe(second);
    const again = keyRingOfNode('eu/1');
    expect(again).not.toBe(first);
    expect(again).toEqual(first);
  });
});
