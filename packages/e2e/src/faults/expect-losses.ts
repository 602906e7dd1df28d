import { expect } from '@jest/globals';
import { isFullForm, boundMs, eventually } from '@turn-router/testing';
import type { WatchedRouter } from './watched-router.ts';

/**
 * Expects that the router has lost its registry `count` times and has reached it again each time. On a busy machine Redis may exceed the
 * router's timeouts, so that there are more losses. Only the full form therefore checks the exact number.
 */
export async function expectLosses(router: WatchedRouter, count: number): Promise<void> {
  const lost = await eventually(
    'the registry to be reached again after each loss',
    async () => {
      const losses = await router.logged('"event":"registry.unreachable"');
      const returns = await router.logged('"event":"registry.reachable"');
      return losses.length === returns.length && losses.length >= count && losses;
    },
    { timeoutMs: boundMs(5_000) },
  );
  expect(lost.length).toBeLessThanOrEqual(isFullForm ? count : Infinity);
}
