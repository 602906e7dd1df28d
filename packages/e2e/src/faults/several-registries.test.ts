import { expect, test } from '@jest/globals';
import { boundMs, startRedis, startScriptedReporters } from '@turn-router/testing';
import { ask } from '../ask.ts';
import { fromLondon, nodesOf, policyOf, reports } from './fleet.ts';
import { isWhole } from './standing.ts';
import { startWatchedRouter } from './watched-router.ts';

const europe = nodesOf('eu-central-1', 2);
const america = nodesOf('us-east-1', 2);

test('of two registries, one a region, one is lost: its region is served as last known, the other stays fresh', async () => {
  await using european = await startRedis();
  await using american = await startRedis();
  await using _reportersHere = await startScriptedReporters({ redisPort: european.port, nodes: europe, ...reports });
  await using reportersThere = await startScriptedReporters({ redisPort: american.port, nodes: america, ...reports });
  await using router = await startWatchedRouter({ redisUrl: `${european.url} ${american.url}`, policy: policyOf() });
  await router.until('whole fleet', isWhole(4), boundMs(15_000));

  await european.stop();
  await router.until('loss of one alone', ({ registries }) => registries[0]?.state === 'lost', boundMs(2_000));
  const { registries, trust, healthyNodes } = await router.standing();
  expect(registries.map(({ name, state, nodes }) => [name, state, nodes])).toEqual([
    ['redis-1', 'lost', 2],
    ['redis-2', 'fresh', 2],
  ]);
  expect([trust, healthyNodes]).toEqual(['last_known', 4]);
  const answer = await ask(router.url, {}, { forwardedFor: fromLondon.headers['x-forwarded-for'] });
  expect([answer.status, JSON.parse(answer.body).region]).toEqual([200, 'eu-central-1']);

  // Whatever happens in the region whose registry is well is seen as ever.
  reportersThere.silence(['us-east-1/node-1']);
  await router.until(
    'the node that reports no more to be gone',
    (standing) => standing.registries[1]?.nodes === 1 && standing.registries[0]?.nodes === 2,
    boundMs(reports.ttlMs + 1_000),
  );
});
