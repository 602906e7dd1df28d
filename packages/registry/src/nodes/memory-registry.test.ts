import { describe, expect, test } from '@jest/globals';
import { createManualClock } from '@turn-router/testing';
import { createMemoryRegistry } from './memory-registry.ts';
import { describeNodeRegistry } from './node-registry.contract.ts';
import { replicaLifetimeMs } from './node-registry.ts';

describeNodeRegistry('the memory registry', () => {
  const clock = createManualClock();
  const registry = createMemoryRegistry(clock.now);
  return Promise.resolve({
    registry,
    elapse: (milliseconds) => Promise.resolve(clock.advance(milliseconds)),
    replicaLifetimeMs,
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  });
});

describe('the memory registry', () => {
  test.each([
    [4_999, 2],
    [5_000, 1],
    [5_001, 1],
  ])('counts a router that announced itself %i ms ago: the total is %i', async (silentMs, expected) => {
    const clock = createManualClock();
    await using registry = createMemoryRegistry(clock.now);
    await registry.announceReplica('silent');
    clock.advance(silentMs);
    expect(await registry.announceReplica('alive')).toBe(expected);
  });
});
