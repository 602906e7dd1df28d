import { expect } from '@jest/globals';
import { isFullForm, boundMs, eventually } from '@turn-router/testing';
import type { WatchedRouter } from './watched-router.ts';

/**
 * The router has lost its registry this often, and found it again each time. On a machine that keeps Redis waiting for longer than the router
 * does, it may rightly have been lost more often: how often exactly is a matter of the full form.
 */
export async function expectLosses(router: WatchedRouter, count: number): Promise<void> {
  const lost = await eventually(
    'the registry to be found as often as it was lost',
    async () => {
      const losses = await router.logged('"event":"registry.unreachable"');
      const returns = await router.logged('"event":"registry.reachable"');
      return losses.length === returns.length && losses.length >= count && losses;
    },
    { timeoutMs: boundMs(5_000) },
  );
  expect(lost.length).toBeLessThanOrEqual(isFullForm ? count : Infinity);
}
