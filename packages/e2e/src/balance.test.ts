import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { byForm, eventually, seededRandom, startRedis, startRouter, temporaryDirectory } from '@turn-router/testing';
import { ask, askForIceServers } from './ask.ts';
import { policy } from './policy.ts';
import { honestNodes, startScriptedNodes } from './scripted-nodes.ts';

const nodeCount = 12;
const perBurst = 600;
const bursts = byForm({ short: 10, full: 20 });

/** The number of calls in five seconds. */
const windowCalls = 5 * perBurst;

/**
 * With random placement, a node would get 250 of 3000 calls, ± 15. So 1.5 times its fair share is eight standard deviations away, and choosing
 * the less loaded node is more even than random placement. On a busy machine reports arrive late; the full form needs an idle machine.
 */
const maxRatioToFairShare = byForm({ short: 1.5, full: 1.3 });
const fromLondon = { forwardedFor: '81.2.69.142' };

test('three routers on one Redis spread bursts over twelve nodes: in any 3000 calls in a row, no node gets more than 1.3 times its share', async () => {
  await using directory = await temporaryDirectory('balance');
  const policyFile = join(directory.path, 'policy.yaml');
  await writeFile(policyFile, policy);
  await using redis = await startRedis();
  await using fleet = startScriptedNodes(
    redis.url,
    { nodes: honestNodes('eu-central-1', nodeCount), meanCallMs: 60_000 },
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
    await eventually('the router to answer callers', async () => (await ask(url, {}, fromLondon)).status === 200);
    await eventually('the router to count all three replicas', async () =>
      (await (await fetch(`${adminUrl}/metrics`)).text()).includes('turn_router_replicas 3'),
    );
  }

  const issued: string[] = [];
  const askOne = async (index: number) => {
    const { nodes } = await askForIceServers(routers[index % routers.length]?.url ?? '', {}, fromLondon);
    for (const node of nodes) {
      fleet.beginCall(node);
      issued.push(node);
    }
  };
  // Each second begins with all calls of a burst at the same time.
  const startedAtMs = performance.now();
  for (let burst = 1; burst <= bursts; burst += 1) {
    await Promise.all(Array.from({ length: perBurst }, (_, index) => askOne(index)));
    await delay(Math.max(0, startedAtMs + burst * 1_000 - performance.now()));
  }

  expect(issued).toHaveLength(bursts * perBurst);
  const worst = largestRatioToFairShare(issued);
  expect(worst).toBeGreaterThanOrEqual(1);
  expect(worst).toBeLessThanOrEqual(maxRatioToFairShare);
});

/** The largest number of calls that one node got in any `windowCalls` calls in a row, divided by an equal share of them. */
function largestRatioToFairShare(issued: readonly string[]): number {
  let worst = 0;
  const inWindow = new Map<string, number>();
  const add = (node: string, count: number) => inWindow.set(node, (inWindow.get(node) ?? 0) + count);
  for (const [index, node] of issued.entries()) {
    add(node, 1);
    const leaving = issued[index - windowCalls];
    if (leaving !== undefined) add(leaving, -1);
    if (index >= windowCalls - 1) worst = Math.max(worst, (Math.max(...inWindow.values()) * nodeCount) / windowCalls);
  }
  return worst;
}
