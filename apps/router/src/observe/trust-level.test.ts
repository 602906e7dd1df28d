import { describe, expect, test } from '@jest/globals';
import { trustLevel } from './trust-level.ts';

const fresh = { state: 'fresh', nodes: 3, ageMs: 100 } as const;
const empty = { state: 'fresh', nodes: 0, ageMs: 100 } as const;
const lost = { state: 'lost', nodes: 3, ageMs: 60_000 } as const;
const fromDisk = { state: 'lost', nodes: 3 } as const;
const never = { state: 'lost', nodes: 0 } as const;
const starting = { state: 'starting', nodes: 0 } as const;

describe('the trust level', () => {
  test.each([
    ['fresh: one registry is fresh', [fresh], 3, false, 'fresh'],
    ['fresh: the fleet is empty', [empty], 0, false, 'fresh'],
    ['last_known: the registry is lost', [lost], 3, false, 'last_known'],
    ['last_known: one of two registries is lost', [fresh, lost], 6, false, 'last_known'],
    ['last_known: the snapshot is from disk', [fromDisk], 3, false, 'last_known'],
    ['last_known: the registry is lost and there are static nodes', [lost], 3, true, 'last_known'],
    ['static: the registry was never read', [never], 0, true, 'static'],
    ['static: the fleet is empty', [empty], 0, true, 'static'],
    ['static: the registry is not read yet', [starting], 0, true, 'static'],
    ['none: the registry is not read yet', [starting], 0, false, 'none'],
    ['none: no source is in use yet', [], 0, false, 'none'],
    ['none: the registry was never read', [never], 0, false, 'none'],
    ['last_known: one of two registries was never read', [fresh, never], 3, false, 'last_known'],
  ] as const)('%s', (_, sources, healthyNodes, hasStaticNodes, expected) => {
    expect(trustLevel({ sources, healthyNodes, hasStaticNodes })).toBe(expected);
  });
});
