import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { byForm, boundMs, eventually, startCoturn } from '@turn-router/testing';
import { nodesOf, policyOf, reports, twoRegions } from './fleet.ts';
import { callsByNode, ratioOfCalls } from './shares.ts';
import { isWhole } from './standing.ts';
import { startStage, type Stage } from './stage.ts';

const names = (nodes: readonly { name: string }[]) => nodes.map(({ name }) => name);

/** The nodes that lines of the log are about. */
const namedIn = (lines: readonly string[]): string[] =>
  lines.flatMap((line): string[] => JSON.parse(line).nodes).toSorted();

const isWarning = (line: string): boolean => JSON.parse(line).level === 40;

/** Callers are given none of these nodes from now on. */
async function expectUnused({ load }: Stage, gone: readonly string[]): Promise<void> {
  const fromMs = performance.now();
  const callsFromNow = () => callsByNode(load.answers(), fromMs, Infinity);
  await eventually('calls to be given to the others', () => callsFromNow().size > 2);
  await delay(500);
  expect(gone.filter((name) => callsFromNow().has(name))).toEqual([]);
}

const keepSeconds = byForm({ short: 10, full: 30 });
const policy = policyOf(`trust: {keepSeconds: ${keepSeconds}}`);

describe('Redis is well, and', () => {
  test.concurrent('one node’s reporter is killed: it is gone when its report has run out', async () => {
    await using stage = await startStage({ policy });
    const one = names(twoRegions.slice(0, 1));
    stage.reporters.silence(one);
    await stage.router.until('node to be gone', isWhole(twoRegions.length - 1), boundMs(reports.ttlMs + 1_000));
    await expectUnused(stage, one);
    await stage.load.stop();
    expect(stage.failures()).toEqual([]);
    expect(await stage.router.logged('"event":"registry.nodes_vanished"')).toEqual([]);
  });

  test.concurrent(
    'half a region’s nodes are gone: they answer no STUN and are gone from the answers 3 s later',
    async () => {
      await using stage = await startStage({ policy });
      const half = names(twoRegions.slice(0, 4));
      stage.reporters.silence(half);
      await stage.router.until(
        'half to be gone',
        isWhole(twoRegions.length - half.length),
        boundMs(reports.ttlMs + 3_000),
      );
      await expectUnused(stage, half);
      await stage.load.stop();
      expect(stage.failures()).toEqual([]);
      expect(await stage.router.metric('turn_router_kept_nodes')).toBe(0);
    },
  );

  test.concurrent(
    'half a region’s reporters are killed, their TURN servers not: they serve at half weight until the bound',
    async () => {
      await using coturn = await startCoturn({ secrets: ['north-secret-of-2026'] });
      const nodes = nodesOf('eu-central-1', 6, { port: coturn.port });
      const [half, others] = [names(nodes.slice(0, 3)), names(nodes.slice(3))];
      await using stage = await startStage({
        nodes,
        policy,
        ratePerSecond: 100,
        environment: { LOG_LEVEL: 'debug' },
      });
      const { router, load, reporters } = stage;
      reporters.silence(half);
      await router.until(
        'crowd to be kept',
        ({ registries }) => registries[0]?.keptNodes === half.length,
        boundMs(reports.ttlMs + 3_000),
      );
      const keptAtMs = performance.now();
      expect(await router.metric('turn_router_kept_nodes', { region: 'eu-central-1' })).toBe(half.length);
      await delay(keepSeconds * 500);
      const share = ratioOfCalls(callsByNode(load.answers(), keptAtMs, performance.now()), half, others);
      process.stdout.write(`kept nodes get ${share.toFixed(2)} of the calls of the others\n`);
      // Drawn half as often; and less, since reports that never tell of the calls make the others look idle.
      expect(share).toBeGreaterThan(0.1);
      expect(share).toBeLessThan(0.8);

      await router.until('half to be gone', isWhole(others.length), boundMs(keepSeconds * 1000));
      await expectUnused(stage, half);
      await load.stop();
      expect(stage.failures()).toEqual([]);
      for (const said of ['"event":"registry.nodes_vanished"', '"event":"registry.nodes_kept"']) {
        const lines = await router.logged(said);
        expect(namedIn(lines)).toEqual(half);
        // Their reports run out one after the other: who comes later is for those who debug.
        expect(lines.filter(isWarning)).toHaveLength(1);
      }
    },
  );

  test.concurrent('the reporters are back before the bound: their nodes serve at full weight again', async () => {
    await using coturn = await startCoturn({ secrets: ['north-secret-of-2026'] });
    const nodes = nodesOf('eu-central-1', 6, { port: coturn.port });
    const half = names(nodes.slice(0, 3));
    await using stage = await startStage({ nodes, policy: policyOf() });
    stage.reporters.silence(half);
    await stage.router.until(
      'crowd to be kept',
      ({ registries }) => registries[0]?.keptNodes === half.length,
      boundMs(reports.ttlMs + 3_000),
    );
    stage.reporters.revive(half);
    await stage.router.until('whole fleet', isWhole(nodes.length), boundMs(1_000));
    await stage.load.stop();
    expect(stage.failures()).toEqual([]);
  });
});
