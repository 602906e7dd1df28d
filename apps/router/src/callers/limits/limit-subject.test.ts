import { expect, test } from '@jest/globals';
import type { Caller, CallerScope } from '../auth/caller.ts';
import { limitsOn, subjectOfCaller } from './limit-subject.ts';

const limits = {
  perAddressPerMinute: 100,
  anonymousPerAddressPerMinute: 5,
  perUserPerMinute: 20,
  perKeyPerMinute: 1_000,
};
const keyWith = (scope: CallerScope): Caller => ({ kind: 'api-key', keyId: 'web', scope });

test.each<[string, Caller, Record<string, number>]>([
  ['an anonymous caller', { kind: 'anonymous', scope: {} }, { address: 100, anonymous: 5 }],
  ['a caller with a key', keyWith({}), { address: 100, key: 1_000 }],
  ['a caller with a public key', keyWith({ countsAsAnonymous: true }), { address: 100, anonymous: 5, key: 1_000 }],
  [
    'a caller with a public key that has its own limit for addresses',
    keyWith({ countsAsAnonymous: true, limits: { perAddressPerMinute: 50 } }),
    { address: 50, key: 1_000 },
  ],
  [
    'a caller with a public key that has another limit of its own',
    keyWith({ countsAsAnonymous: true, limits: { perKeyPerMinute: 7 } }),
    { address: 100, anonymous: 5, key: 7 },
  ],
])('limits of %s', (_, caller, expected) => {
  const on = limitsOn(subjectOfCaller(caller, '192.0.2.1'), { limits });
  expect(Object.fromEntries(on.map(({ kind, perMinute }) => [kind, perMinute]))).toEqual(expected);
});
