import { expect, test } from '@jest/globals';
import { createManualClock } from '@turn-router/testing';
import { createLogBudget } from './log-budget.ts';

test('a budget permits its lines in each minute, and no more', () => {
  const clock = createManualClock();
  const withBudget = createLogBudget(clock.now, 2);
  const lines: number[] = [];
  for (let second = 0; second < 130; second += 1) {
    withBudget(() => lines.push(second));
    clock.advance(1_000);
  }
  expect(lines).toEqual([0, 1, 60, 61, 120, 121]);
});
