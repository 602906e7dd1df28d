import { expect, test } from '@jest/globals';
import { drainEnd, type DrainEnd, type DrainState } from './drain-end.ts';

const state: DrainState = { begunBy: 'leave', order: 'leave', elapsedMs: 5_000, deadlineMs: 8_000, allocations: 3 };

test.each<[what: string, change: Partial<DrainState>, end: DrainEnd | undefined]>([
  ['allocations and time are left', {}, undefined],
  ['one allocation is left', { allocations: 1 }, undefined],
  ['no allocation is left', { allocations: 0 }, 'empty'],
  ['none is left, but not every router has seen it drain', { allocations: 0, elapsedMs: 1_999 }, undefined],
  ['none is left, and every router has', { allocations: 0, elapsedMs: 2_000 }, 'empty'],
  ['the deadline is not quite there', { elapsedMs: 7_999 }, undefined],
  ['the deadline is there', { elapsedMs: 8_000 }, 'deadline'],
  ['none is left at the deadline', { allocations: 0, elapsedMs: 8_000 }, 'empty'],
  ['what cannot be counted may be there', { allocations: undefined }, undefined],
  ['the deadline holds for it, too', { allocations: undefined, elapsedMs: 8_000 }, 'deadline'],
  ['no deadline is before every router has seen it', { elapsedMs: 1_999, deadlineMs: 0 }, undefined],
  ['it is to leave at once', { order: 'leave_at_once', elapsedMs: 0 }, 'hurried'],
  ['the drain began with the order to leave at once', { begunBy: 'leave_at_once', order: 'leave_at_once' }, 'hurried'],
  [
    'the order to be out of service became an order to leave at once',
    { begunBy: 'stay_away', order: 'leave_at_once' },
    'hurried',
  ],
  ['the node reports again', { order: 'report', elapsedMs: 0 }, 'undone'],
  ['the node reports again and no allocation is left', { order: 'report', allocations: 0 }, 'undone'],
  ['the order to be out of service became an order to leave', { begunBy: 'stay_away' }, 'overtaken'],
  ['the order to leave became an order to be out of service', { order: 'stay_away' }, 'overtaken'],
])('%s', (_what, change, end) => {
  expect(drainEnd({ ...state, ...change })).toBe(end);
});
