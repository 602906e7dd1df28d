import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { byForm, boundMs, eventually, startCoturn } from '@turn-router/testing';
import { nodesOf, policyOf, reports, twoRegions } from './fleet.ts';
import { callsByNode, ratioOfCalls } from './shares.ts';
import { hasAllNodes } from './readiness.ts';
import { startStage, type Stage } from './stage.ts';

const names = (nodes: readonly { name: string }[]) => nodes.map(({ name }) => name);

/** Returns the nodes that the log lines name. */
const nodesNamedIn = (lines: readonly string[]): string[] =>
  lines.flatMap((line): string[] => JSON.parse(line).nodes).toSorted();

const isWarning = (line: string): boolean => JSON.parse(line).level === 40;

/** Expects that callers get none of these nodes from now on. */
async function expectUnused({ load }: Stage, gone: readonly string[]): Promise<void> {
  const fromMs = performance.now();
  const callsFromNow = () => callsByNode(load.answers(), fromMs, Infinity);
  await eventually('calls to the other nodes', () => callsFromNow().size > 2);
  await delay(500);
  expect(gone.filter((name) => callsFromNow().has(name))).toEqual([]);
}

const keepSeconds = byForm({ short: 10, full: 30 });
const policy = policyOf(`trust: {keepSeconds: ${keepSeconds}}`);

describe('while Redis works,', () => {
  test.concurrent('a node whose reporter is killed gets no calls once its report has expired', async () => {
    await using stage = await startStage({ policy });
    const one = names(twoRegions.slice(0, 1));
    stage.reporters.silence(one);
    await stage.router.until('the node to be gone', hasAllNodes(twoRegions.length - 1), boundMs(reports.ttlMs + 1_000));
    await expectUnused(stage, one);
    await stage.load.stop();
    expect(stage.failures()).toEqual([]);
    expect(await stage.router.logged('"event":"registry.nodes_vanished"')).toEqual([]);
  });

  test.concurrent('half of a region’s nodes that vanish and answer no STUN get no calls 3 s later', async () => {
    await using stage = await startStage({ policy });
    const half = names(twoRegions.slice(0, 4));
    stage.reporters.silence(half);
    await stage.router.until(
      'half of the nodes to be gone',
      hasAllNodes(twoRegions.length - half.length),
      boundMs(reports.ttlMs + 3_000),
    );
    await expectUnused(stage, half);
    await stage.load.stop();
    expect(stage.failures()).toEqual([]);
    expect(await stage.router.metric('turn_router_kept_nodes')).toBe(0);
  });

  test.concurrent('half of a region’s nodes whose reporters are killed but whose TURN servers run get calls at half weight until the bound', async () => {
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
      'half of the nodes to be kept',
      ({ registries }) => registries[0]?.keptNodes === half.length,
      boundMs(reports.ttlMs + 3_000),
    );
    const keptAtMs = performance.now();
    expect(await router.metric('turn_router_kept_nodes', { region: 'eu-central-1' })).toBe(half.length);
    await delay(keepSeconds * 500);
    const share = ratioOfCalls(callsByNode(load.answers(), keptAtMs, performance.now()), half, others);
    process.stdout.write(`kept nodes get ${share.toFixed(2)} of the calls of the others\n`);
    // The router chooses them half as often, and less: the others report no load for their calls and so look idle.
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.8);

    await router.until('half of the nodes to be gone', hasAllNodes(others.length), boundMs(keepSeconds * 1000));
    await expectUnused(stage, half);
    await load.stop();
    expect(stage.failures()).toEqual([]);
    for (const event of ['"event":"registry.nodes_vanished"', '"event":"registry.nodes_kept"']) {
      const lines = await router.logged(event);
      expect(nodesNamedIn(lines)).toEqual(half);
      // Their reports expire one after the other. Only the first line is a warning; later lines are at debug level.
      expect(lines.filter(isWarning)).toHaveLength(1);
    }
  });

  test.concurrent.each(['secure-stun', 'no-stun'])(
    'half of a region’s nodes whose reporters are killed are kept if their coturns run with %s',
    async (setting) => {
      await using coturn = await startCoturn({ secrets: ['north-secret-of-2026'], config: [setting] });
      const nodes = nodesOf('eu-central-1', 4, { port: coturn.port });
      await using stage = await startStage({ nodes, policy });
      const most = names(nodes.slice(0, 3));
      stage.reporters.silence(most);
      await stage.router.until(
        'the silent nodes to be kept',
        ({ registries }) => registries[0]?.keptNodes === most.length,
        boundMs(reports.ttlMs + 3_000),
      );
      await stage.load.stop();
      expect(stage.failures()).toEqual([]);
      expect(await stage.router.logged('"event":"registry.nodes_dropped"')).toEqual([]);
    },
  );

  test.concurrent('nodes whose reporters are back before the bound get calls at full weight again', async () => {
    await using coturn = await startCoturn({ secrets: ['north-secret-of-2026'] });
    const nodes = nodesOf('eu-central-1', 6, { port: coturn.port });
    const half = names(nodes.slice(0, 3));
    await using stage = await startStage({ nodes, policy: policyOf() });
    stage.reporters.silence(half);
    await stage.router.until(
      'half of the nodes to be kept',
      ({ registries }) => registries[0]?.keptNodes === half.length,
      boundMs(reports.ttlMs + 3_000),
    );
    stage.reporters.revive(half);
    await stage.router.until('the router to have all nodes', hasAllNodes(nodes.length), boundMs(1_000));
    await stage.load.stop();
    expect(stage.failures()).toEqual([]);
  });
});
