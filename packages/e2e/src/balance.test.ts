import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { eventually, startRedis, startRouter, temporaryDirectory } from '@turn-router/testing';
import { ask, askForRelays } from './ask.ts';
import { policy } from './policy.ts';
import { startScriptedNodes } from './scripted-nodes.ts';

const nodeCount = 12;
const windowMs = 5_000;
const fromLondon = { forwardedFor: '81.2.69.142' };

test('three routers on one Redis spread bursts over twelve nodes: in no five seconds does one get 1.3 times its share', async () => {
  await using directory = await temporaryDirectory('balance');
  const policyFile = join(directory.path, 'policy.yaml');
  await writeFile(policyFile, policy);
  await using redis = await startRedis();
  await using fleet = startScriptedNodes(
    redis.url,
    { region: 'eu-central-1', count: nodeCount, meanCallMs: 60_000 },
    Math.random,
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

  const issued: { node: string; atMs: number }[] = [];
  const askOne = async (index: number) => {
    const { nodes } = await askForRelays(routers[index % routers.length]?.url ?? '', {}, fromLondon);
    for (const node of nodes) {
      fleet.beginCall(node);
      issued.push({ node, atMs: performance.now() });
    }
  };
  // Bursts: every second, 600 at once.
  const startedAtMs = performance.now();
  for (let burst = 1; burst <= 20; burst += 1) {
    await Promise.all(Array.from({ length: 600 }, (_, index) => askOne(index)));
    await delay(Math.max(0, startedAtMs + burst * 1_000 - performance.now()));
  }

  expect(issued).toHaveLength(12_000);
  const worst = largestShareOfFair(issued);
  expect(worst).toBeGreaterThanOrEqual(1);
  expect(worst).toBeLessThanOrEqual(1.3);
});

/** The most that one node got in any full five seconds, ÷ an equal share of what all got in them. */
function largestShareOfFair(issued: readonly { node: string; atMs: number }[]): number {
  let worst = 0;
  let from = 0;
  const inWindow = new Map<string, number>();
  const add = (node: string, count: number) => inWindow.set(node, (inWindow.get(node) ?? 0) + count);
  for (const [to, { node, atMs }] of issued.entries()) {
    add(node, 1);
    for (let first = issued[from]; first !== undefined && first.atMs <= atMs - windowMs; first = issued[from]) {
      add(first.node, -1);
      from += 1;
    }
    if (from > 0) worst = Math.max(worst, (Math.max(...inWindow.values()) * nodeCount) / (to - from + 1));
  }
  return worst;
}
