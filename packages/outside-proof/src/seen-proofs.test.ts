import { describe, expect, test } from '@jest/globals';
import type { StoredProof } from '@turn-router/contract/registry';
import { roundTripMatrix } from './round-trip-matrix.ts';
import { isFresh, takeProofs, type SeenProof } from './seen-proofs.ts';

const stored = (prober: string, at: number): StoredProof => ({
  target: { region: 'fra', id: 'fra-0' },
  prober: { region: 'iad', id: prober },
  proof: { paths: [], at },
});

describe('a reading of proofs', () => {
  test('keeps the time of a proof until its number changes, even to a smaller one', () => {
    const first = takeProofs([], [stored('a', 7), stored('b', 7)], 1000);
    const second = takeProofs(first, [stored('a', 7), stored('b', 8), stored('c', 1)], 2000);
    expect(second.map(({ seenAtMs }) => seenAtMs)).toEqual([1000, 2000, 2000]);
    expect(takeProofs(second, [stored('b', 1)], 3000)).toEqual([{ ...stored('b', 1), seenAtMs: 3000 }]);
  });

  test.each([
    [0, true],
    [90_000, true],
    [90_001, false],
  ])('is fresh after %i ms: %s', (ageMs, expected) => {
    expect(isFresh({ seenAtMs: 5000 }, 5000 + ageMs)).toBe(expected);
  });
});

/** A proof with one path for each round trip. */
function seen(from: string, to: string, roundTripsMs: readonly (number | undefined)[], seenAtMs = 0): SeenProof {
  const paths = roundTripsMs.map((roundTripMs, index) => ({
    transport: 'udp' as const,
    family: 'ipv4' as const,
    port: 1 + index,
    ok: true,
    ...(roundTripMs !== undefined && { roundTripMs }),
  }));
  return { target: { region: to, id: 'x' }, prober: { region: from, id: 'y' }, proof: { paths, at: 1 }, seenAtMs };
}

describe('the round trips between regions', () => {
  test.each<[string, SeenProof[], [string, string, number, number][]]>([
    ['of no proof', [], []],
    ['of one proof', [seen('a', 'b', [20])], [['a', 'b', 20, 1]]],
    ['of three proofs', [seen('a', 'b', [20]), seen('a', 'b', [900]), seen('a', 'b', [21])], [['a', 'b', 21, 3]]],
    ['of two proofs', [seen('a', 'b', [20]), seen('a', 'b', [30])], [['a', 'b', 25, 2]]],
    ['of the fastest path', [seen('a', 'b', [1020, 20, undefined])], [['a', 'b', 20, 1]]],
    ['of no path with a figure', [seen('a', 'b', [undefined])], []],
    ['of old proofs', [seen('a', 'b', [20], -90_001)], []],
    [
      'of each direction, in the order of the names',
      [seen('b', 'a', [2]), seen('a', 'b', [1]), seen('a', 'a', [3])],
      [
        ['a', 'a', 3, 1],
        ['a', 'b', 1, 1],
        ['b', 'a', 2, 1],
      ],
    ],
  ])('are the median %s', (_, proofs, expected) => {
    expect(
      roundTripMatrix(proofs, 0).map(({ from, to, roundTripMs, proofs: count }) => [from, to, roundTripMs, count]),
    ).toEqual(expected);
  });

  test('are rounded to 0.1 ms', () => {
    const proofs = [seen('a', 'b', [25.6]), seen('a', 'b', [28.3])];
    expect(roundTripMatrix(proofs, 0).map(({ roundTripMs }) => roundTripMs)).toEqual([27]);
  });

  test('leave out paths that failed', () => {
    const proof = seen('a', 'b', [50]);
    const failed = { transport: 'tcp', family: 'ipv4', port: 9, ok: false, reason: 'refused', roundTripMs: 1 } as const;
    const both = { ...proof, proof: { at: 1, paths: [...proof.proof.paths, failed] } };
    expect(roundTripMatrix([both], 0)).toEqual([{ from: 'a', to: 'b', roundTripMs: 50, proofs: 1 }]);
  });
});
