import { expect, test } from '@jest/globals';
import { drainEnd, type DrainEnd, type DrainState } from './drain-end.ts';

const state: DrainState = { startMode: 'stop', mode: 'stop', elapsedMs: 5_000, deadlineMs: 8_000, allocations: 3 };

test.each<[title: string, change: Partial<DrainState>, end: DrainEnd | undefined]>([
  ['continues while allocations and time are left', {}, undefined],
  ['continues while one allocation is left', { allocations: 1 }, undefined],
  ['ends when no allocation is left', { allocations: 0 }, 'empty'],
  [
    'continues without allocations until every router has read the registry',
    { allocations: 0, elapsedMs: 1_999 },
    undefined,
  ],
  ['ends without allocations once every router has read the registry', { allocations: 0, elapsedMs: 2_000 }, 'empty'],
  ['continues just before the deadline', { elapsedMs: 7_999 }, undefined],
  ['ends at the deadline', { elapsedMs: 8_000 }, 'deadline'],
  ['ends as empty if no allocation is left at the deadline', { allocations: 0, elapsedMs: 8_000 }, 'empty'],
  ['continues if allocations cannot be counted', { allocations: undefined }, undefined],
  ['ends at the deadline if allocations cannot be counted', { allocations: undefined, elapsedMs: 8_000 }, 'deadline'],
  [
    'continues past a shorter deadline until every router has read the registry',
    { elapsedMs: 1_999, deadlineMs: 0 },
    undefined,
  ],
  ['ends at once at a second signal', { mode: 'stop_at_once', elapsedMs: 0 }, 'hurried'],
  ['ends at once if it started with two signals', { startMode: 'stop_at_once', mode: 'stop_at_once' }, 'hurried'],
  ['ends at once if two signals came during a withdrawal', { startMode: 'withdraw', mode: 'stop_at_once' }, 'hurried'],
  ['ends at once when it is canceled', { mode: 'report', elapsedMs: 0 }, 'undone'],
  ['ends as canceled even if no allocation is left', { mode: 'report', allocations: 0 }, 'undone'],
  ['ends when a stop replaces a withdrawal', { startMode: 'withdraw' }, 'overtaken'],
  ['ends when a withdrawal replaces a stop', { mode: 'withdraw' }, 'overtaken'],
])('a drain %s', (_title, change, end) => {
  expect(drainEnd({ ...state, ...change })).toBe(end);
});
