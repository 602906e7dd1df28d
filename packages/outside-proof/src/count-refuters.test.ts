import { describe, expect, test } from '@jest/globals';
import { proofReasons, type ProofReason } from '@turn-router/contract/registry';
import { countRefuters, refutersNeeded, type Count } from './count-refuters.ts';
import { findingOf, refutesNode, type PathFinding } from './path-finding.ts';
import type { ProberView } from './prober-views.ts';

const target = 'fra/fra-0';

/** A prober's view of the target: `+` reached, `-` refuted, `0` says nothing, for two paths. An empty text: not probed yet. */
function view(signs: string, reason: ProofReason = 'timeout'): ProberView {
  const meaning: Record<string, PathFinding> = { '+': 'reached', '-': 'refuted', '0': 'nothing' };
  const paths = signs.split('').map((sign, index) => ({
    name: ['udp 3478', 'tls 443'][index] ?? '',
    kind: ['udp ipv4', 'tls ipv4'][index] ?? '',
    finding: meaning[sign] ?? 'nothing',
    reason: sign === '-' ? reason : undefined,
  }));
  return { pathsOf: new Map(signs === '' ? [] : [[target, paths]]), blindOn: new Set() };
}

const times = (count: number, each: ProberView) => Array.from({ length: count }, () => each);

test.each([
  [1, 2],
  [2, 2],
  [3, 2],
  [4, 3],
  [5, 4],
  [6, 5],
  [9, 7],
  [14, 10],
  [15, 11],
])('of %i probers, %i refute a node', (probers, needed) => {
  expect(refutersNeeded(probers)).toBe(needed);
});

describe('the count of refuters', () => {
  test.each<[string, ProberView[], Partial<Count>]>([
    ['three of three', times(3, view('-')), { refuters: 3, able: 3, isMajority: true }],
    ['two of three', [...times(2, view('-')), view('+')], { refuters: 2, able: 3, isMajority: true }],
    ['one of one', [view('-')], { refuters: 1, able: 1, isMajority: false }],
    ['one of two', [view('-'), view('+')], { refuters: 1, able: 2, isMajority: false }],
    ['10 of 15', [...times(10, view('-')), ...times(5, view('+'))], { refuters: 10, able: 15, isMajority: false }],
    ['11 of 15', [...times(11, view('-')), ...times(4, view('+'))], { refuters: 11, able: 15, isMajority: true }],
    ['10, before the others have probed', [...times(10, view('-')), ...times(5, view(''))], { isMajority: false }],
    [
      '3 of 3 that are not blind',
      [...times(3, view('-')), { ...view('-'), blindOn: new Set(['udp ipv4']) }],
      { refuters: 3, able: 3, isMajority: true },
    ],
    ['3 of 3 that can check the path', [...times(3, view('-')), ...times(3, view('0'))], { able: 3, isMajority: true }],
    ['3 of 7, if the others cannot check it', [...times(3, view('-')), ...times(4, view('0'))], { isMajority: false }],
    ['a path that the others do not know', [...times(10, view('+-')), ...times(5, view('+'))], { isMajority: false }],
    [
      'the path with a majority',
      [...times(3, view('+-')), view('-+')],
      { path: 'tls 443', refuters: 3, isMajority: true },
    ],
    [
      'the path with most refuters',
      [view('--'), view('+-'), ...times(3, view('++'))],
      { path: 'tls 443', refuters: 2 },
    ],
    ['UDP first, if all paths fail', times(3, view('--')), { path: 'udp 3478', refuters: 3, isMajority: true }],
    [
      'UDP first, if more probers have seen TLS fail',
      [...times(3, view('--')), view('+-')],
      { path: 'udp 3478', refuters: 3, isMajority: true },
    ],
    [
      'the most frequent reason',
      [view('-'), view('-', 'not_relayed'), view('-', 'not_relayed')],
      { reason: 'not_relayed', refuters: 3 },
    ],
  ])('finds %s', (_, views, expected) => {
    expect(countRefuters(target, views)).toMatchObject(expected);
  });

  test.each([[[]], [times(3, view('+'))], [times(3, view('0'))], [times(3, view(''))]])(
    'finds nothing if nobody refutes the node',
    (views) => {
      expect(countRefuters(target, views)).toBeUndefined();
    },
  );
});

describe('a reason', () => {
  const sayNothing: readonly ProofReason[] = [
    'realm',
    'aborted',
    'wrong_realm',
    'draining',
    'peer_forbidden',
    'family_unsupported',
    'quota_reached',
    'no_capacity',
    'not_published',
    'address_forbidden',
    'no_route',
    'no_stun',
    'binding_only',
  ];

  test.each(proofReasons)('%s refutes the node, or says nothing about it', (reason) => {
    const says = !sayNothing.includes(reason);
    expect(findingOf({ ok: false, reason })).toBe(says ? 'refuted' : 'nothing');
    expect(findingOf({ ok: true, reason })).toBe('reached');
  });

  test('of one path is enough to suspect the node', () => {
    const works = { transport: 'udp', family: 'ipv4', port: 3478, ok: true } as const;
    expect(refutesNode({ paths: [], at: 1 })).toBe(false);
    expect(refutesNode({ paths: [works, { ...works, port: 80, ok: false, reason: 'no_route' }], at: 1 })).toBe(false);
    expect(refutesNode({ paths: [works, { ...works, port: 80, ok: false, reason: 'refused' }], at: 1 })).toBe(true);
  });
});
