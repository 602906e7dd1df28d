import { describe, expect, test } from '@jest/globals';
import type { PublishedReport } from '@turn-router/contract/registry';
import type { PublishedRecord } from '../publish/proof-registry.ts';
import { emptyFleet, fleetViewFrom } from './fleet-view.ts';
import { ownKeyUseFrom } from './own-key-use.ts';

const me = { region: 'fra', id: 'me' };
const target = { region: 'fra', id: 'target' };
const own = new Set(['mine', 'mine of last year']);

const report: PublishedReport = { port: 3478, public_ip: '192.0.2.1' };
function record(id: string, ...fingerprints: string[]): PublishedRecord {
  const named = Object.fromEntries(fingerprints.map((fingerprint, index) => [`key-${index}`, fingerprint]));
  return {
    key: { region: 'fra', id },
    report: { ...report, ...(fingerprints.length > 0 && { secret_fingerprints: named }) },
  };
}

describe('a prober', () => {
  test.each<[fleet: string, records: PublishedRecord[], may: boolean]>([
    ['whose other nodes all have its key', [record('target', 'mine'), record('a', 'mine'), record('b', 'mine')], true],
    [
      'in the middle of a rotation',
      [record('target', 'x'), record('a', 'mine of last year'), record('b', 'mine')],
      true,
    ],
    ['with more than half', [record('target'), record('a', 'mine'), record('b', 'x', 'mine'), record('c', 'x')], true],
    ['with exactly half', [record('target', 'mine'), record('a', 'mine'), record('b', 'x')], false],
    ['with secrets per node', [record('target', 'x'), record('a', 'y'), record('b', 'z')], false],
    ['whose target copies a fingerprint', [record('target', 'mine'), record('a', 'y'), record('b', 'z')], false],
    [
      'where only records with fingerprints count',
      [record('target'), record('a', 'mine'), record('b'), record('c')],
      true,
    ],
    ['of two, with one secret', [record('target', 'mine')], true],
    ['of two, with two secrets', [record('target', 'x')], false],
    ['of two and older reporters', [record('target', 'mine'), record('a')], true],
    ['of older reporters', [record('target'), record('a'), record('b')], false],
    ['that has no record of the target', [record('a', 'mine')], true],
    ['without any record', [], false],
  ])('in a fleet %s: own keys %s', (_, others, may) => {
    // Its own record says nothing about others.
    const records = [record('me', 'mine', 'mine of last year'), ...others];
    expect(ownKeyUseFrom(records, me, own)(target)).toBe(may);
  });

  test('judges again with each reading, although nodes and probers are the same', () => {
    const shared = fleetViewFrom([record('target', 'mine'), record('a', 'mine')], me, emptyFleet, own);
    const perNode = fleetViewFrom([record('target', 'mine'), record('a', 'x')], me, shared, own);
    expect(perNode.membership).toBe(shared.membership);
    expect([emptyFleet, shared, perNode].map(({ mayUseOwnKeys }) => mayUseOwnKeys(target))).toEqual([
      false,
      true,
      false,
    ]);
  });

  test('that has the keys of every node uses them', () => {
    const { mayUseOwnKeys } = fleetViewFrom([record('target', 'x'), record('a', 'y')], me, emptyFleet, 'keys-of-all');
    expect(mayUseOwnKeys(target)).toBe(true);
  });
});
