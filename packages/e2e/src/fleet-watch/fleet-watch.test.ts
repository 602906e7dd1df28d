import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { boundMs, eventually } from '@turn-router/testing';
import { check, publicNames } from './older-file.ts';
import { callersOf, carries, startFleetWatchStage, type FleetWatchStage } from './stage.ts';

/** In which every router reads the registry, ms. */
const readMs = 1_000;

let stage: FleetWatchStage;
beforeAll(async () => {
  stage = await startFleetWatchStage();
});
afterAll(async () => stage[Symbol.asyncDispose]());

/** What the watch has said so far of Prometheus; not of single nodes, whose figures come back one by one. */
function linesOnPrometheus(): string[] {
  const messages = stage.watch
    .output()
    .trim()
    .split('\n')
    .map((line) => String(JSON.parse(line).msg));
  return messages.filter((message) => /^(no load figures from Prometheus|Prometheus gives load figures)/.test(message));
}

describe('three coturns without sidecars, by the older balancer’s file', () => {
  test('are proven at their private addresses, and published with their public names', async () => {
    stage.carry([100, 300, 600]);
    const reports = await stage.eventualReports('loads of 100, 300 and 600 Mbit/s', carries([100, 300, 600]));
    expect(
      reports.map((report) => [report?.status, report?.hostname ?? report?.public_ip, report?.transports]),
    ).toEqual(publicNames.map((name) => ['healthy', name, ['udp', 'tcp']]));
    expect(reports.map((report) => report?.secret_ids)).toEqual([['first'], ['first'], ['first']]);
  });

  test('are what GET /coturn answers with, one at a time, in the older balancer’s shape', async () => {
    for (const { turn_server, turn_data } of await stage.ask(10)) {
      expect(publicNames).toContain(turn_server);
      expect(turn_data).toEqual({ [turn_server]: { failed_checks: 0, healthy: true, initial: 0, success_th: 3 } });
    }
  });

  test('get calls where there is room, as the query says', async () => {
    // Of two drawn at random the less loaded is taken: 5 callers of 9 get the idlest, 1 of 9 the busiest.
    await eventually('callers to go to the first', async () => {
      const [first = 0, , third = 0] = await callersOf(stage, 120);
      return first > 2 * third;
    });
    stage.carry([600, 300, 100]);
    await stage.eventualReports('the loads to turn round', carries([600, 300, 100]));
    // Expected are 33, 100 and 167. Of a router that draws at random, one in 100 000 such answers is like this.
    const turned = await eventually('callers to go most to the third and least to the first', async () => {
      const [first = 0, second = 0, third = 0] = await callersOf(stage, 300);
      return second > 1.7 * first && third > 1.2 * second && [first, second, third];
    });
    expect(turned).toHaveLength(3);
  });

  test('get calls at random while Prometheus is away, which is said once, and so is its return', async () => {
    const before = linesOnPrometheus().length;
    await stage.prometheus.stop();
    const mean = 1000 / 3;
    await stage.eventualReports('equal loads', carries([mean, mean, mean]));
    await eventually('every node to get a fifth of the callers at least', async () =>
      (await callersOf(stage, 60)).every((calls) => calls >= 12),
    );
    await stage.startPrometheusAgain();
    await stage.eventualReports('the loads to be there again', carries([600, 300, 100]));
    expect(linesOnPrometheus().slice(before)).toEqual([
      expect.stringMatching(/^no load figures from Prometheus: reporting the same load for all nodes of a region \(/),
      'Prometheus gives load figures again',
    ]);
  });

  test('whose figure stands still although it gets calls: it is not believed for long', async () => {
    stage.carry([400, 400, 0]);
    await stage.eventualReports('the third to be stuck at 0', carries([400, 400, 0]));
    await eventually('the router to doubt it', async () => {
      await stage.ask(20);
      return /"node":"us-east-1\/192-0-2-3","reason":"unmoved"/.test(stage.router.output());
    });
    // All look alike then: 200 each, ± 12. Believed, the third would get 5 of 9: 333, ± 12. Prometheus, kept waiting, lets the figure move.
    const calls = await eventually('the third to get no more than its part', async () => {
      const ofEach = await callersOf(stage, 600);
      return Math.max(...ofEach) < 266 && ofEach;
    });
    expect(calls.reduce((sum, each) => sum + each)).toBe(600);
  });

  test('one of which is killed: it is in no answer any more once as many probes have failed as may', async () => {
    stage.carry([600, 300, 100]);
    await stage.eventualReports('the third to draw calls', carries([600, 300, 100]));
    await eventually('it to get calls', async () => ((await callersOf(stage, 10))[2] ?? 0) > 0);
    const killedAtMs = performance.now();
    stage.coturns[2]?.signal('SIGKILL');
    let lastAnswerMs = killedAtMs;
    await eventually(
      'it to be gone from the answers',
      async () => {
        const calls = (await callersOf(stage, 20))[2] ?? 0;
        if (calls > 0) lastAnswerMs = performance.now();
        return performance.now() - lastAnswerMs > 2 * check.intervalMs;
      },
      { everyMs: 20 },
    );
    const goneAfterMs = lastAnswerMs - killedAtMs;
    // The first of its failures comes within an interval, which may be a tenth longer.
    expect(goneAfterMs).toBeGreaterThan((check.failureThreshold - 1) * check.intervalMs * 0.9);
    expect(goneAfterMs).toBeLessThan(boundMs(check.failureThreshold * check.intervalMs * 1.1 + readMs + 1_000));
    expect((await stage.reports()).map((report) => report?.status)).toEqual(['healthy', 'healthy', 'unhealthy']);
  });

  test('are not taken away by a watch that ends', async () => {
    await stage.watch.stop();
    expect((await stage.reports()).map((report) => report?.status)).toEqual(['healthy', 'healthy', 'unhealthy']);
    expect((await callersOf(stage, 10))[2]).toBe(0);
  });
});
