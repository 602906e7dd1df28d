import { expect, test } from '@jest/globals';
import { warnOfOpenDoor } from './warn-of-open-door.ts';

const none = { perAddressPerMinute: 0, anonymousPerAddressPerMinute: 0, perUserPerMinute: 0, perKeyPerMinute: 0 };

test.each([
  ['anonymous callers without a limit', true, none, 1],
  ['a limit that does not hold for them', true, { ...none, perUserPerMinute: 60 }, 1],
  ['a limit of theirs', true, { ...none, anonymousPerAddressPerMinute: 60 }, 0],
  ["everybody's limit", true, { ...none, perAddressPerMinute: 60 }, 0],
  ['nobody is anonymous', false, none, 0],
])('%s', (_what, anonymous, limits, count) => {
  const said: unknown[] = [];
  warnOfOpenDoor({ anonymous }, { limits }, { warn: (text: unknown) => void said.push(text) });
  expect(said).toHaveLength(count);
});
