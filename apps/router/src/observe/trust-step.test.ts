import { describe, expect, test } from '@jest/globals';
import { trustStep } from './trust-step.ts';

const fresh = { state: 'fresh', nodes: 3, ageMs: 100 } as const;
const empty = { state: 'fresh', nodes: 0, ageMs: 100 } as const;
const lost = { state: 'lost', nodes: 3, ageMs: 60_000 } as const;
const fromDisk = { state: 'lost', nodes: 3 } as const;
const never = { state: 'lost', nodes: 0 } as const;
const starting = { state: 'starting', nodes: 0 } as const;

describe('answers stand on', () => {
  test.each([
    ['fresh knowledge of one registry', [fresh], 3, false, 'fresh'],
    ['fresh knowledge of an empty fleet', [empty], 0, false, 'fresh'],
    ['what is last known when it is lost', [lost], 3, false, 'last_known'],
    ['what is last known when one of two is lost', [fresh, lost], 6, false, 'last_known'],
    ['what was on disk when it was never read', [fromDisk], 3, false, 'last_known'],
    ['what is last known although static nodes are there', [lost], 3, true, 'last_known'],
    ['static nodes when it was never read', [never], 0, true, 'static'],
    ['static nodes when the fleet is empty', [empty], 0, true, 'static'],
    ['static nodes before it is read', [starting], 0, true, 'static'],
    ['nothing before it is read', [starting], 0, false, 'none'],
    ['nothing while nothing of it is used', [], 0, false, 'none'],
    ['nothing when it was never read', [never], 0, false, 'none'],
    ['what is known of the one when the other was never read', [fresh, never], 3, false, 'last_known'],
  ] as const)('%s', (_, sources, healthyNodes, hasStaticNodes, expected) => {
    expect(trustStep({ sources, healthyNodes, hasStaticNodes })).toBe(expected);
  });
});
