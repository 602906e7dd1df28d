import { expect, test } from '@jest/globals';
import { boundMs, startRedis, startScriptedReporters } from '@turn-router/testing';
import { ask } from '../ask.ts';
import { fromLondon, nodesOf, policyOf, reports } from './fleet.ts';
import { hasAllNodes } from './readiness.ts';
import { startWatchedRouter } from './watched-router.ts';

const europe = nodesOf('eu-central-1', 2);
const america = nodesOf('us-east-1', 2);

test('when one of two registries is lost, its region is served from the last known snapshot, and the other stays fresh', async () => {
  await using european = await startRedis();
  await using american = await startRedis();
  await using _europeanReporters = await startScriptedReporters({
    redisPort: european.port,
    nodes: europe,
    ...reports,
  });
  await using americanReporters = await startScriptedReporters({
    redisPort: american.port,
    nodes: america,
    ...reports,
  });
  await using router = await startWatchedRouter({ redisUrl: `${european.url} ${american.url}`, policy: policyOf() });
  await router.until('the router to have all nodes', hasAllNodes(4), boundMs(15_000));

  await european.stop();
  await router.until(
    'the router to lose only one registry',
    ({ registries }) => registries[0]?.state === 'lost',
    boundMs(2_000),
  );
  const { registries, trust, healthyNodes } = await router.readiness();
  expect(registries.map(({ name, state, nodes }) => [name, state, nodes])).toEqual([
    ['redis-1', 'lost', 2],
    ['redis-2', 'fresh', 2],
  ]);
  expect([trust, healthyNodes]).toEqual(['last_known', 4]);
  const answer = await ask(router.url, {}, { forwardedFor: fromLondon.headers['x-forwarded-for'] });
  expect([answer.status, JSON.parse(answer.body).region]).toEqual([200, 'eu-central-1']);

  // The router still sees changes in the region whose registry works.
  americanReporters.silence(['us-east-1/node-1']);
  await router.until(
    'the silent node to be gone',
    (readiness) => readiness.registries[1]?.nodes === 1 && readiness.registries[0]?.nodes === 2,
    boundMs(reports.ttlMs + 1_000),
  );
});
