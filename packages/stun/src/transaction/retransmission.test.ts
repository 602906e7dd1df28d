import { expect, test } from '@jest/globals';
import { retransmissionDelaysMs } from './retransmission.ts';

test('requests go out at the times of the example in RFC 8489 §6.2.1', () => {
  let atMs = 0;
  const times = [atMs, ...retransmissionDelaysMs.map((delayMs) => (atMs += delayMs))];
  expect(times).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500]);
});
