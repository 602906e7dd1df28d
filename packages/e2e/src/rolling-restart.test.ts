// The short form of `npm run prove -- rolling-restart`.
import { expect, test } from '@jest/globals';
import { boundMs, startFleet, startParts, startRedis, startSteadyLoad, type Fleet } from '@turn-router/testing';
import { policy, regions } from './policy.ts';

/** The caller whose home is this region. */
const callerOf = (region: string) => `198.51.100.${regions.findIndex((name) => name === region) + 1}`;
const placement = regions.map((region) => `${callerOf(region)}/32: ${region}`).join(', ');

/** A region has only one node, so each gap of a node moves calls to another region. */
function startStage() {
  return startParts(async (add) => {
    const redis = add(await startRedis());
    const fleet = add(
      await startFleet({
        policy: `${policy}placement: {prefixes: {${placement}}}\n`,
        regions,
        redisUrl: redis.url,
        routerEnvironment: { TRUSTED_PROXIES: '127.0.0.1/32' },
      }),
    );
    const load = add(
      startSteadyLoad({
        url: fleet.router.url,
        ratePerSecond: 50,
        maxSeconds: boundMs(60_000) / 1000,
        callers: regions.map((region) => ({ headers: { 'x-forwarded-for': callerOf(region) } })),
      }),
    );
    return { fleet, load };
  });
}

/** The time from the end of a reporter to its start, ms. */
const downMs = 1_000;

test.each<[what: string, restart: (fleet: Fleet) => Promise<unknown>]>([
  [
    'one after the other',
    async (fleet) => {
      for (const node of fleet.nodes) await fleet.restartReporter(node, downMs);
    },
  ],
  ['all at once', (fleet) => Promise.all(fleet.nodes.map((node) => fleet.restartReporter(node, downMs)))],
])('health-reporters that restart %s cost no call and keep the calls in their regions', async (_what, restart) => {
  await using stage = await startStage();
  await restart(stage.fleet);
  await stage.load.stop();
  const answers = stage.load.answers();
  expect(answers.length).toBeGreaterThan(50);
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  const moved = answers.filter(({ spilledFrom }) => spilledFrom !== undefined);
  expect(moved.length / answers.length).toBeLessThanOrEqual(0.05);
});
