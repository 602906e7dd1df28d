import type { FleetReading } from '@turn-router/selection';
import { describe, expect, test } from '@jest/globals';
import type { Strategy } from '../strategies/strategy.ts';
import { createRandomStreams } from './random-streams.ts';
import { createRouters } from './routers.ts';
import { runUntil } from './run-until.ts';
import { createScript } from './script.ts';
import { createSimulatedRegistry } from './simulated-registry.ts';

type Observed = { readonly router: number; readonly reading: FleetReading; readonly atSecond: number };

/** Routers that only record their observations. */
function watchedRouters(replicas: number) {
  const observed: Observed[] = [];
  const strategies: Strategy[] = [];
  const createStrategy = (): Strategy => {
    const router = strategies.length;
    const strategy: Strategy = {
      observe: (reading, nowMs) => observed.push({ router, reading, atSecond: nowMs / 1000 }),
      issue: () => undefined,
    };
    strategies.push(strategy);
    return strategy;
  };
  const routers = createRouters(
    { replicas: [{ atSecond: 0, replicas }], pollSeconds: 0.4, replicasKnownAfterSeconds: 1 },
    createSimulatedRegistry(0),
    createStrategy,
    createRandomStreams(1).polls,
  );
  return { routers, observed, strategies };
}

describe('routers', () => {
  test('read the registry at their interval, at different moments', () => {
    const { routers, observed } = watchedRouters(3);
    runUntil(40, [routers]);
    const times = [0, 1, 2].map((router) =>
      observed.filter((seen) => seen.router === router).map((seen) => seen.atSecond),
    );
    for (const [start, ...rest] of times) {
      expect(start).toBe(0);
      expect(rest).toHaveLength(100);
      expect((rest[99] ?? 0) - (rest[0] ?? 0)).toBeCloseTo(99 * 0.4);
    }
    expect(new Set(times.map(([, first]) => first)).size).toBe(3);
  });

  test('are picked equally often', () => {
    const { routers, strategies } = watchedRouters(4);
    expect(
      [0, 0.25, 0.5, 0.999].map((point) => strategies.findIndex((strategy) => strategy === routers.pick(point))),
    ).toEqual([0, 1, 2, 3]);
  });

  test('that join have no calls and read the registry at once; all routers know the new number one second later', () => {
    const { routers, observed, strategies } = watchedRouters(2);
    runUntil(20, [routers, createScript([{ atSecond: 10, act: () => routers.setReplicas(4, 10) }])]);
    expect(strategies).toHaveLength(4);
    expect(observed.find(({ router }) => router === 3)?.atSecond).toBe(10);
    const known = (from: number, until: number) =>
      new Set(
        observed.filter(({ atSecond }) => atSecond >= from && atSecond < until).map(({ reading }) => reading.replicas),
      );
    expect([known(0, 11), known(11, 20)]).toEqual([new Set([2]), new Set([4])]);
  });

  test('that leave get no more callers and stop reading the registry', () => {
    const { routers, observed, strategies } = watchedRouters(3);
    runUntil(20, [routers, createScript([{ atSecond: 10, act: () => routers.setReplicas(1, 10) }])]);
    expect(routers.pick(0.99)).toBe(strategies[0]);
    expect(observed.filter(({ router, atSecond }) => router > 0 && atSecond > 10)).toEqual([]);
  });

  test('observe their last reading again while the registry is frozen', () => {
    const { routers, observed } = watchedRouters(1);
    const acts = [
      { atSecond: 5, act: () => routers.freezeUntil(15) },
      { atSecond: 6, act: () => routers.setReplicas(2, 6) },
    ];
    runUntil(20, [routers, createScript(acts)]);
    const readings = (from: number, until: number) =>
      new Set(
        observed
          .filter(({ router, atSecond }) => router === 0 && atSecond >= from && atSecond < until)
          .map(({ reading }) => reading),
      );
    expect(readings(0, 15).size).toBe(1);
    expect([...readings(15, 20)].map(({ replicas }) => replicas)).toEqual([2]);
  });
});
