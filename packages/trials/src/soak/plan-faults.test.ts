import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '@turn-router/testing';
import { planFaults } from './plan-faults.ts';
import { soakFaults } from './soak-faults.ts';

const hourMs = 3_600_000;
const planOf = (seed: number, totalMs = hourMs) => planFaults(soakFaults, totalMs, seededRandom(seed));

describe('planFaults', () => {
  test('returns the same plan for the same seed, and a different plan for a different seed', () => {
    expect(planOf(1)).toEqual(planOf(1));
    expect(planOf(1)).not.toEqual(planOf(2));
  });

  test('leaves pauses between faults and at both ends, and keeps each fault within its time bounds', () => {
    const plan = planOf(3);
    for (const [index, { fault, startsAtMs, lastsMs }] of plan.entries()) {
      const before = plan[index - 1];
      expect(startsAtMs - (before === undefined ? 0 : before.startsAtMs + before.lastsMs)).toBeGreaterThanOrEqual(
        8_000,
      );
      expect(startsAtMs + lastsMs).toBeLessThanOrEqual(hourMs - 8_000);
      expect(lastsMs).toBeGreaterThanOrEqual(1000 * fault.seconds[0]);
      expect(lastsMs).toBeLessThanOrEqual(1000 * fault.seconds[1]);
    }
  });

  test('plans every fault once before it repeats one', () => {
    const names = planOf(4).map(({ fault }) => fault.name);
    expect(new Set(names.slice(0, soakFaults.length)).size).toBe(soakFaults.length);
    expect(names.length).toBeGreaterThan(4 * soakFaults.length);
  });

  test('plans nothing when there is no time or no fault', () => {
    expect(planOf(5, 10_000)).toEqual([]);
    expect(planFaults([], hourMs, seededRandom(6))).toEqual([]);
  });
});
