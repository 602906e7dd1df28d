import { expect, test } from '@jest/globals';
import { warnIfAnonymousUnlimited } from './warn-if-anonymous-unlimited.ts';

const none = { perAddressPerMinute: 0, anonymousPerAddressPerMinute: 0, perUserPerMinute: 0, perKeyPerMinute: 0 };

test.each([
  ['anonymous callers without a limit', true, none, 1],
  ['a limit that does not apply to them', true, { ...none, perUserPerMinute: 60 }, 1],
  ['a limit for anonymous callers', true, { ...none, anonymousPerAddressPerMinute: 60 }, 0],
  ['a limit for every address', true, { ...none, perAddressPerMinute: 60 }, 0],
  ['no anonymous callers', false, none, 0],
])('warns only without a limit: %s', (_what, anonymous, limits, count) => {
  const said: unknown[] = [];
  warnIfAnonymousUnlimited({ anonymous }, { limits }, { warn: (text: unknown) => void said.push(text) });
  expect(said).toHaveLength(count);
});
