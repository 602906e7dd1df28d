import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { byForm, eventually, seededRandom, startRedis, startRouter, temporaryDirectory } from '@turn-router/testing';
import { ask, askForRelays } from './ask.ts';
import { policy } from './policy.ts';
import { startScriptedNodes } from './scripted-nodes.ts';

const nodeCount = 12;
const perBurst = 600;
const bursts = byForm({ short: 10, full: 20 });

/** As many as come in five seconds. */
const windowCalls = 5 * perBurst;

/**
 * Drawn at random, a node would get 250 of 3000 calls, ± 15: 1.5 times its share is eight standard deviations away, and the choice of the less
 * loaded is more even than that. On a busy machine reports come late, of which the full form has none.
 */
const mostOfFairShare = byForm({ short: 1.5, full: 1.3 });
const fromLondon = { forwardedFor: '81.2.69.142' };

test('three routers on one Redis spread bursts over twelve nodes: of no 3000 calls in a row does one get 1.3 times its share', async () => {
  await using directory = await temporaryDirectory('balance');
  const policyFile = join(directory.path, 'policy.yaml');
  await writeFile(policyFile, policy);
  await using redis = await startRedis();
  await using fleet = startScriptedNodes(
    redis.url,
    { region: 'eu-central-1', count: nodeCount, meanCallMs: 60_000 },
    seededRandom(1),
  );
  await fleet.reportAll();
  const start = () =>
    startRouter({
      policyFile,
      turnSecrets: 'first=north-secret-of-2026',
      reporterToken: 'reporter-token-of-2026',
      redisUrl: redis.url,
      environment: { TRUSTED_PROXIES: '127.0.0.1/32' },
    });
  await using first = await start();
  await using second = await start();
  await using third = await start();
  const routers = [first, second, third];
  for (const { url, adminUrl } of routers) {
    await eventually('the router to serve', async () => (await ask(url, {}, fromLondon)).status === 200);
    await eventually('the router to know of the others', async () =>
      (await (await fetch(`${adminUrl}/metrics`)).text()).includes('turn_router_replicas 3'),
    );
  }

  const issued: string[] = [];
  const askOne = async (index: number) => {
    const { nodes } = await askForRelays(routers[index % routers.length]?.url ?? '', {}, fromLondon);
    for (const node of nodes) {
      fleet.beginCall(node);
      issued.push(node);
    }
  };
  // Every second, all of a burst at once.
  const startedAtMs = performance.now();
  for (let burst = 1; burst <= bursts; burst += 1) {
    await Promise.all(Array.from({ length: perBurst }, (_, index) => askOne(index)));
    await delay(Math.max(0, startedAtMs + burst * 1_000 - performance.now()));
  }

  expect(issued).toHaveLength(bursts * perBurst);
  const worst = largestShareOfFair(issued);
  expect(worst).toBeGreaterThanOrEqual(1);
  expect(worst).toBeLessThanOrEqual(mostOfFairShare);
});

/** The most that one node got of any `windowCalls` in a row, ÷ an equal share of them. */
function largestShareOfFair(issued: readonly string[]): number {
  let worst = 0;
  const inWindow = new Map<string, number>();
  const add = (node: string, count: number) => inWindow.set(node, (inWindow.get(node) ?? 0) + count);
  for (const [index, node] of issued.entries()) {
    add(node, 1);
    const left = issued[index - windowCalls];
    if (left !== undefined) add(left, -1);
    if (index >= windowCalls - 1) worst = Math.max(worst, (Math.max(...inWindow.values()) * nodeCount) / windowCalls);
  }
  return worst;
}
