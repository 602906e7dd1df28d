import { expect, test } from '@jest/globals';
import { createLedgerContact, type LedgerContact } from './ledger-contact.ts';

type Step = readonly [what: 'asked' | 'answered' | 'failed', atMs: number, epoch?: string];

function take(contact: LedgerContact, steps: readonly Step[]): boolean[] {
  return steps.map(([what, atMs, epoch = 'first']) => {
    if (what === 'answered') return contact.answered(atMs, epoch);
    contact[what](atMs);
    return false;
  });
}

const start: readonly Step[] = [
  ['asked', 0],
  ['answered', 2],
];

test.each<[what: string, steps: readonly Step[], nowMs: number, aloneSinceMs: number | undefined]>([
  ['before the first answer', [['asked', 0]], 1, 0],
  ['after the first answer', start, 3, undefined],
  ['long after it', start, 60_000, undefined],
  ['while an answer is waited for', [...start, ['asked', 1_000]], 1_300, undefined],
  ['when it takes longer', [...start, ['asked', 1_000]], 1_301, 1_000],
  ['when it fails', [...start, ['asked', 1_000], ['failed', 2_000]], 2_001, 1_000],
  [
    'when it fails again',
    [...start, ['asked', 1_000], ['failed', 2_000], ['asked', 3_000], ['failed', 3_001]],
    3_002,
    1_000,
  ],
  ['just back', [...start, ['asked', 1_000], ['failed', 2_000], ['asked', 3_000], ['answered', 3_001]], 3_002, 1_000],
  [
    'back for 4 s',
    [
      ...start,
      ['asked', 1_000],
      ['failed', 2_000],
      ['asked', 3_000],
      ['answered', 3_001],
      ['asked', 7_000],
      ['answered', 7_001],
    ],
    7_002,
    undefined,
  ],
  [
    'lost again meanwhile',
    [
      ...start,
      ['asked', 1_000],
      ['failed', 2_000],
      ['answered', 3_000],
      ['asked', 5_000],
      ['failed', 5_001],
      ['answered', 6_000],
      ['answered', 9_999],
    ],
    9_999,
    1_000,
  ],
  ['after an answer that was late', [...start, ['asked', 1_000], ['answered', 1_400]], 1_401, 1_000],
  [
    'after a first attempt that failed',
    [
      ['asked', 0],
      ['failed', 1],
      ['asked', 250],
      ['answered', 251],
    ],
    252,
    0,
  ],
  ['when the ledger was emptied', [...start, ['asked', 250], ['answered', 251, 'second']], 252, 251],
  [
    '4 s after it was emptied',
    [...start, ['answered', 251, 'second'], ['answered', 4_251, 'second']],
    4_252,
    undefined,
  ],
])('decides whether the ledger is usable: %s', (_what, steps, nowMs, aloneSinceMs) => {
  const contact = createLedgerContact(0);
  take(contact, steps);
  expect(contact.aloneSinceMs(nowMs)).toBe(aloneSinceMs);
});

test('asks for all reports once after the ledger has returned or lost its data', () => {
  const steps: readonly Step[] = [
    ...start,
    ['failed', 9],
    ['answered', 10],
    ['answered', 11],
    ['answered', 12, 'second'],
    ['answered', 13, 'second'],
  ];
  expect(take(createLedgerContact(0), steps)).toEqual([false, false, false, true, false, true, false]);
});
