import { describe, expect, test } from '@jest/globals';
import { boundMs, eventually, type NetworkFault } from '@turn-router/testing';
import { expectLosses } from './expect-losses.ts';
import { twoRegions } from './fleet.ts';
import { isFresh, isLost, isWhole } from './standing.ts';
import { startStage, type Stage } from './stage.ts';

const none: NetworkFault = { kind: 'none' };
const record = '{"cpu":1,"bandwidth_mbps":1,"status":"healthy","public_ip":"127.0.0.2","port":3478}';

/** Until a node written now is what callers get. */
async function useNewNode({ redis, load }: Stage, id: string, withinMs: number): Promise<void> {
  const writtenAtMs = performance.now();
  await redis.cli('SET', `turn:node:eu-central-1:${id}`, record, 'PX', '600000');
  await eventually(
    `${id} to be used`,
    () => load.answers().some(({ dueAtMs, nodes }) => dueAtMs > writtenAtMs && nodes?.[0] === `eu-central-1/${id}`),
    { timeoutMs: withinMs, everyMs: 20 },
  );
}

describe('between router and Redis, nobody being refused', () => {
  test.concurrent.each<NetworkFault>([{ kind: 'black_hole' }, { kind: 'refusal' }])(
    'a $kind is noticed within 2 s, and so is its end',
    async (fault) => {
      await using stage = await startStage();
      const { proxy, router, load } = stage;
      await proxy.setFault(fault);
      await router.until('loss to be noticed', isLost, boundMs(2_000));
      expect(await router.standing()).toMatchObject({ ready: true, trust: 'last_known' });
      await proxy.setFault(none);
      await router.until('return to be noticed', isFresh, boundMs(2_000));
      await useNewNode(stage, 'new', boundMs(1_000));
      await load.stop();
      expect(stage.failures()).toEqual([]);
      await expectLosses(router, 1);
    },
  );

  test.concurrent('resets, one after the other, leave the fleet whole', async () => {
    await using stage = await startStage();
    const { proxy, router, load } = stage;
    for (let resets = 0; resets < 3; resets += 1) {
      const connected = proxy.connectedAtMs().length;
      proxy.resetConnections();
      await eventually('another connection', () => proxy.connectedAtMs().length > connected);
      await router.until('whole fleet', isWhole(twoRegions.length), boundMs(2_000));
    }
    await load.stop();
    expect(stage.failures()).toEqual([]);
  });

  test.concurrent.each<NetworkFault>([
    { kind: 'latency', latencyMs: 100, jitterMs: 20 },
    { kind: 'slices', bytes: 7 },
  ])('$kind loses nothing: new reports are used as ever', async (fault) => {
    await using stage = await startStage();
    await stage.proxy.setFault(fault);
    await useNewNode(stage, 'first', boundMs(2_000));
    await useNewNode(stage, 'second', boundMs(2_000));
    expect(isWhole(twoRegions.length + 2)(await stage.router.standing())).toBe(true);
    await stage.load.stop();
    expect(stage.failures()).toEqual([]);
    await expectLosses(stage.router, 0);
  });
});
