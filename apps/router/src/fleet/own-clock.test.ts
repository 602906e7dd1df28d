import { describe, expect, test } from '@jest/globals';
import { RegistryError } from '@turn-router/registry';
import { createManualClock } from '@turn-router/testing';
import { createLogger } from '../observe/logger.ts';
import { createOwnClock } from './own-clock.ts';

/** A router and a registry whose clock is behind by `behindMs`, and which answers after `roundTripMs`. */
function start(names: readonly string[] = ['redis-1']) {
  const clock = createManualClock(1_000_000);
  const lines: Record<string, unknown>[] = [];
  const registry = { behindMs: 0, roundTripMs: 0, fault: undefined as RegistryError | undefined };
  const ownClock = createOwnClock(
    names.map((name) => ({
      name,
      readClock: async () => {
        clock.advance(registry.roundTripMs / 2);
        const nowMs = clock.now() - registry.behindMs;
        clock.advance(registry.roundTripMs / 2);
        if (registry.fault !== undefined) throw registry.fault;
        return nowMs;
      },
    })),
    {
      nowMs: clock.now,
      monotonicNowMs: clock.now,
      logger: createLogger('info', { write: (line) => void lines.push(JSON.parse(line)) }),
    },
  );
  return { ownClock, registry, said: () => lines.splice(0).map(({ event, offsetSeconds }) => [event, offsetSeconds]) };
}

describe('the clock of the router', () => {
  test('has the offset 0 with the embedded registry, and until the registry has answered', async () => {
    expect(start([]).ownClock.offsetsMs()).toEqual([0]);
    expect(start(['redis-1', 'redis-2']).ownClock.offsetsMs()).toEqual([0, 0]);
  });

  test('is compared half-way of the round trip, and changes below a second do not count', async () => {
    const { ownClock, registry } = start();
    Object.assign(registry, { behindMs: 5_000, roundTripMs: 800 });
    await ownClock.compare();
    expect(ownClock.offsetsMs()).toEqual([5_000]);
    registry.behindMs = 5_999;
    await ownClock.compare();
    expect(ownClock.offsetsMs()).toEqual([5_000]);
    registry.behindMs = -60_000;
    await ownClock.compare();
    expect(ownClock.offsetsMs()).toEqual([-60_000]);
  });

  test('keeps its last offset while the registry cannot be read, and throws any other fault', async () => {
    const { ownClock, registry } = start();
    registry.behindMs = 5_000;
    await ownClock.compare();
    registry.fault = new RegistryError('refused', 'Redis refused the command: NOPERM');
    await ownClock.compare();
    expect(ownClock.offsetsMs()).toEqual([5_000]);
    Object.defineProperty(registry, 'fault', { value: new TypeError('a mistake') });
    await expect(ownClock.compare()).rejects.toThrow('a mistake');
  });

  test('logs a large offset once, and its end once', async () => {
    const { ownClock, registry, said } = start();
    for (const behindMs of [9_999, 12_340, -20_000, 500]) {
      registry.behindMs = behindMs;
      await ownClock.compare();
    }
    expect(said()).toEqual([
      ['clock.offset_large', 12.3],
      ['clock.offset_normal', 0.5],
    ]);
  });

  test('tells its follower about each change', async () => {
    const { ownClock, registry } = start();
    let changes = 0;
    registry.behindMs = 2_000;
    {
      await using _following = ownClock.follow(() => {
        changes += 1;
      });
      await ownClock.compare();
    }
    expect(changes).toBe(1);
  });
});
