import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { boundMs, eventually } from '@turn-router/testing';
import { healthCheck, publicNames } from './older-file.ts';
import { callsPerNode, reportsLoads, startFleetWatchStage, type FleetWatchStage } from './stage.ts';

/** Every router reads the registry at least once in this time, ms. */
const registryReadMs = 1_000;

let stage: FleetWatchStage;
beforeAll(async () => {
  stage = await startFleetWatchStage();
});
afterAll(async () => stage[Symbol.asyncDispose]());

/** Returns the watch's messages on Prometheus so far, without those on single nodes, whose figures return one by one. */
function prometheusEvents(): string[] {
  return stage.watch
    .output()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === 'prometheus.load_missing' || event === 'prometheus.load_restored')
    .map(({ event }) => String(event));
}

describe('three coturns without reporters beside them, watched with the older balancer’s file,', () => {
  test('are probed at their private addresses and published with their public names', async () => {
    stage.carry([100, 300, 600]);
    const reports = await stage.eventualReports('loads of 100, 300 and 600 Mbit/s', reportsLoads([100, 300, 600]));
    expect(
      reports.map((report) => [report?.status, report?.hostname ?? report?.public_ip, report?.transports]),
    ).toEqual(publicNames.map((name) => ['healthy', name, ['udp', 'tcp']]));
    expect(reports.map((report) => report?.secret_ids)).toEqual([['first'], ['first'], ['first']]);
  });

  test('are in the answers of GET /coturn, one per answer, in the older balancer’s format', async () => {
    for (const { turn_server, turn_data } of await stage.ask(10)) {
      expect(publicNames).toContain(turn_server);
      expect(turn_data).toEqual({ [turn_server]: { failed_checks: 0, healthy: true, initial: 0, success_th: 3 } });
    }
  });

  test('get more calls the less load Prometheus reports for them', async () => {
    // The router draws two nodes at random and takes the less loaded one: 5 of 9 callers get the idlest node, 1 of 9 the busiest.
    await eventually('most callers to get the first node', async () => {
      const [first = 0, , third = 0] = await callsPerNode(stage, 120);
      return first > 2 * third;
    });
    stage.carry([600, 300, 100]);
    await stage.eventualReports('the reversed loads', reportsLoads([600, 300, 100]));
    // The expected counts are 33, 100 and 167. If the router chose at random, one in 100 000 samples would pass this condition.
    const calls = await eventually('most callers to get the third node and fewest the first', async () => {
      const [first = 0, second = 0, third = 0] = await callsPerNode(stage, 300);
      return second > 1.7 * first && third > 1.2 * second && [first, second, third];
    });
    expect(calls).toHaveLength(3);
  });

  test('get calls at random while Prometheus is down, and the log has its loss and its return once', async () => {
    const before = prometheusEvents().length;
    await stage.prometheus.stop();
    const mean = 1000 / 3;
    await stage.eventualReports('equal loads', reportsLoads([mean, mean, mean]));
    await eventually('every node to get at least a fifth of the callers', async () =>
      (await callsPerNode(stage, 60)).every((calls) => calls >= 12),
    );
    await stage.startPrometheusAgain();
    await stage.eventualReports('the loads to return', reportsLoads([600, 300, 100]));
    expect(prometheusEvents().slice(before)).toEqual(['prometheus.load_missing', 'prometheus.load_restored']);
  });

  test('share calls equally once one of them reports unchanged figures although it gets calls', async () => {
    stage.carry([400, 400, 0]);
    await stage.eventualReports('an unchanging load of 0 on the third node', reportsLoads([400, 400, 0]));
    await eventually('the router to find the third node’s reports implausible', async () => {
      await stage.ask(20);
      return /"node":"us-east-1\/192-0-2-3","reason":"unmoved"/.test(stage.router.output());
    });
    // Then all nodes look alike and get 200 calls each, ± 12. Otherwise the third would get 5 of 9: 333, ± 12. A delayed Prometheus makes the
    // figure move.
    const calls = await eventually('the third node to get only an equal share', async () => {
      const perNode = await callsPerNode(stage, 600);
      return Math.max(...perNode) < 266 && perNode;
    });
    expect(calls.reduce((sum, each) => sum + each)).toBe(600);
  });

  test('lose a killed one from the answers once the threshold of probes has failed', async () => {
    stage.carry([600, 300, 100]);
    await stage.eventualReports('the least load on the third node', reportsLoads([600, 300, 100]));
    await eventually('the third node to get calls', async () => ((await callsPerNode(stage, 10))[2] ?? 0) > 0);
    const killedAtMs = performance.now();
    stage.coturns[2]?.signal('SIGKILL');
    let lastAnswerMs = killedAtMs;
    await eventually(
      'the third node to be gone from the answers',
      async () => {
        const calls = (await callsPerNode(stage, 20))[2] ?? 0;
        if (calls > 0) lastAnswerMs = performance.now();
        return performance.now() - lastAnswerMs > 2 * healthCheck.intervalMs;
      },
      { everyMs: 20 },
    );
    const goneAfterMs = lastAnswerMs - killedAtMs;
    // The first failed probe comes within one interval, which may be a tenth longer.
    expect(goneAfterMs).toBeGreaterThan((healthCheck.failureThreshold - 1) * healthCheck.intervalMs * 0.9);
    expect(goneAfterMs).toBeLessThan(
      boundMs(healthCheck.failureThreshold * healthCheck.intervalMs * 1.1 + registryReadMs + 1_000),
    );
    expect((await stage.reports()).map((report) => report?.status)).toEqual(['healthy', 'healthy', 'unhealthy']);
  });

  test('keep their reports after the watch has stopped', async () => {
    await stage.watch.stop();
    expect((await stage.reports()).map((report) => report?.status)).toEqual(['healthy', 'healthy', 'unhealthy']);
    expect((await callsPerNode(stage, 10))[2]).toBe(0);
  });
});
