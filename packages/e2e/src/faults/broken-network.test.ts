import { describe, expect, test } from '@jest/globals';
import { boundMs, eventually, type NetworkFault } from '@turn-router/testing';
import { expectLosses } from './expect-losses.ts';
import { twoRegions } from './fleet.ts';
import { isFresh, isLost, hasAllNodes } from './readiness.ts';
import { startStage, type Stage } from './stage.ts';

const none: NetworkFault = { kind: 'none' };
const record = '{"cpu":1,"bandwidth_mbps":1,"status":"healthy","public_ip":"127.0.0.2","port":3478}';

/** Writes a node and waits until a call reaches it. */
async function expectNewNodeUsed({ redis, load }: Stage, id: string, withinMs: number): Promise<void> {
  const writtenAtMs = performance.now();
  await redis.cli('SET', `turn:node:eu-central-1:${id}`, record, 'PX', '250000');
  await eventually(
    `calls to ${id}`,
    () => load.answers().some(({ dueAtMs, nodes }) => dueAtMs > writtenAtMs && nodes?.[0] === `eu-central-1/${id}`),
    { timeoutMs: withinMs, everyMs: 20 },
  );
}

describe('between router and Redis, without a refused call,', () => {
  test.concurrent.each<NetworkFault>([{ kind: 'black_hole' }, { kind: 'refusal' }])(
    'a $kind is detected within 2 s, and so is its end',
    async (fault) => {
      await using stage = await startStage();
      const { proxy, router, load } = stage;
      await proxy.setFault(fault);
      await router.until('the router to notice the loss', isLost, boundMs(2_000));
      expect(await router.readiness()).toMatchObject({ ready: true, trust: 'last_known' });
      await proxy.setFault(none);
      await router.until('the router to notice the return', isFresh, boundMs(2_000));
      await expectNewNodeUsed(stage, 'new', boundMs(1_000));
      await load.stop();
      expect(stage.failures()).toEqual([]);
      await expectLosses(router, 1);
    },
  );

  test.concurrent('repeated resets lose no node', async () => {
    await using stage = await startStage();
    const { proxy, router, load } = stage;
    for (let resets = 0; resets < 3; resets += 1) {
      const connected = proxy.connectedAtMs().length;
      proxy.resetConnections();
      await eventually('a new connection', () => proxy.connectedAtMs().length > connected);
      await router.until('the router to have all nodes', hasAllNodes(twoRegions.length), boundMs(2_000));
    }
    await load.stop();
    expect(stage.failures()).toEqual([]);
  });

  test.concurrent.each<NetworkFault>([
    { kind: 'latency', latencyMs: 100, jitterMs: 20 },
    { kind: 'slices', bytes: 7 },
  ])('$kind loses no node, and new reports are used', async (fault) => {
    await using stage = await startStage();
    await stage.proxy.setFault(fault);
    await expectNewNodeUsed(stage, 'first', boundMs(2_000));
    await expectNewNodeUsed(stage, 'second', boundMs(2_000));
    expect(hasAllNodes(twoRegions.length + 2)(await stage.router.readiness())).toBe(true);
    await stage.load.stop();
    expect(stage.failures()).toEqual([]);
    await expectLosses(stage.router, 0);
  });
});
