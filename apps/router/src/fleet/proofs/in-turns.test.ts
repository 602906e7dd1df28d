import { expect, test } from '@jest/globals';
import type { Steps } from '@turn-router/outside-proof';
import { createManualClock } from '@turn-router/testing';
import { inTurns } from './in-turns.ts';

test('others get a turn after each 5 ms of the computation', async () => {
  const clock = createManualClock();
  const order: string[] = [];
  function* work(): Steps<string> {
    for (let step = 1; step <= 6; step += 1) {
      order.push(`step ${step}`);
      clock.advance(2);
      yield;
    }
    return 'done';
  }
  setImmediate(() => order.push('a caller'));
  expect(await inTurns(work(), clock.now)).toBe('done');
  expect(order).toEqual(['step 1', 'step 2', 'step 3', 'a caller', 'step 4', 'step 5', 'step 6']);
});
