import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { NodeReport } from '@turn-router/contract/registry';
import {
  byForm,
  eventually,
  isFullForm,
  startParts,
  seededRandom,
  startRedis,
  startRouter,
  startSteadyLoad,
  temporaryDirectory,
  type LoadAnswer,
} from '@turn-router/testing';
import { ask } from './ask.ts';
import { honestNodes, startScriptedNodes } from './scripted-nodes.ts';

/** The claims that took most of a region's calls before capacity had to be earned. A weight above 1e6 is refused with its record. */
const claims: Readonly<Record<string, (report: NodeReport) => NodeReport>> = {
  'a capacity of 100 Gbit/s': (report) => ({ ...report, cpu: 0, bandwidth_mbps: 0, bandwidth_capacity_mbps: 1e5 }),
  'the largest capacity': (report) => ({ ...report, cpu: 0, bandwidth_mbps: 0, bandwidth_capacity_mbps: 1e9 }),
  'the largest weight': (report) => ({
    ...report,
    cpu: 0,
    bandwidth_mbps: 0,
    bandwidth_capacity_mbps: undefined,
    weight: 1e6,
  }),
  'no load': (report) => ({ ...report, cpu: 0, bandwidth_mbps: 0 }),
  'only an idle network': (report) => ({ ...report, bandwidth_mbps: 0 }),
  'only a capacity of 100 Gbit/s': (report) => ({ ...report, bandwidth_capacity_mbps: 1e5 }),
};

const honestCount = 10;
const capacityMbps = 800;
const meanCallMs = 60_000;
const windowMs = 5_000;

/** Every claim has a region of its own, without neighbours. */
const cases = Object.entries(claims)
  .slice(0, byForm({ short: 1, full: 6 }))
  .map(([claim, says], index) => ({ claim, says, region: `region-${index + 1}`, caller: `198.51.100.${index + 1}` }));

const policyOf = (regions: readonly { region: string; caller: string }[]) => `
defaultRegion: region-1
regions:
${regions.map(({ region }) => `  ${region}: {location: [50.11, 8.68]}`).join('\n')}
load: {cpu: 0}
placement: {prefixes: {${regions.map(({ region, caller }) => `${caller}/32: ${region}`).join(', ')}}}
`;

/** Calls a second that keep 70 % of these nodes' capacity in use. A call has 1 Mbit/s and lasts a minute on average. */
const rateFor = (nodesMbps: number) => (0.7 * nodesMbps) / (meanCallMs / 1000);

/** Starts a router, and regions of honest nodes that carry 70 % of their capacity. */
function startRegions(regions: readonly { region: string; caller: string }[], ratePerSecond: number) {
  return startParts(async (add) => {
    const directory = add(await temporaryDirectory('liars'));
    const policyFile = join(directory.path, 'policy.yaml');
    await writeFile(policyFile, policyOf(regions));
    const redis = add(await startRedis());
    const nodes = regions.flatMap(({ region }) => honestNodes(region, honestCount));
    const fleet = add(startScriptedNodes(redis.url, { nodes, meanCallMs }, seededRandom(1)));
    for (const { key } of nodes) {
      for (let call = 0; call < 0.7 * capacityMbps; call += 1) fleet.beginCall(`${key.region}/${key.id}`);
    }
    await fleet.reportAll();
    const router = add(
      await startRouter({
        policyFile,
        turnSecrets: 'first=north-secret-of-2026',
        reporterToken: 'reporter-token-of-2026',
        redisUrl: redis.url,
        environment: { TRUSTED_PROXIES: '127.0.0.1/32' },
      }),
    );
    await eventually('the router to answer', async () => (await ask(router.url, {})).status === 200);
    const load = add(
      startSteadyLoad({
        url: router.url,
        ratePerSecond: ratePerSecond * regions.length,
        maxSeconds: 900,
        callers: regions.map(({ caller }) => ({ headers: { 'x-forwarded-for': caller } })),
        onAnswer: ({ nodes: given = [] }) => given.forEach(fleet.beginCall),
      }),
    );
    return { fleet, load };
  });
}

/** The part of the calls of a region that a node got in [fromMs, toMs). */
function shareOf(answers: readonly LoadAnswer[], node: string, fromMs: number, toMs: number): number {
  const region = node.slice(0, node.indexOf('/'));
  const inWindow = answers.filter(
    (answer) => answer.region === region && answer.dueAtMs >= fromMs && answer.dueAtMs < toMs,
  );
  return inWindow.filter(({ nodes }) => nodes?.[0] === node).length / inWindow.length;
}

/** The calls of five seconds are few in the short form, so one window in some thousands could have a third more calls than its mean of 20 %. */
const sharesMax = byForm({ short: { at: 0.35, later: 0.35 }, full: { at: 0.25, later: 0.15 } });

test(`a liar among ${honestCount + 1} nodes gets at most a quarter of the calls of its region at any moment`, async () => {
  await using stage = await startRegions(cases, rateFor((honestCount + 1) * capacityMbps));
  await delay(windowMs);
  const startedAtMs = performance.now();
  await Promise.all(
    cases.map(({ region, says }) => stage.fleet.join({ key: { region, id: 'liar' }, capacityMbps, says })),
  );
  const durationMs = byForm({ short: 15_000, full: 120_000 });
  await delay(durationMs);
  await stage.load.stop();
  const answers = stage.load.answers();
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  for (const { claim, region } of cases) {
    const liar = `${region}/liar`;
    const highest = Math.max(
      ...Array.from({ length: (durationMs - windowMs) / 1_000 }, (_, second) =>
        shareOf(answers, liar, startedAtMs + second * 1_000, startedAtMs + second * 1_000 + windowMs),
      ),
    );
    const later = shareOf(answers, liar, startedAtMs + durationMs / 2, startedAtMs + durationMs);
    process.stdout.write(
      `${claim}: at most ${(100 * highest).toFixed(1)} % within 5 s, ${(100 * later).toFixed(1)} % in the second half\n`,
    );
    expect(later).toBeGreaterThan(0);
    expect(highest).toBeLessThanOrEqual(sharesMax.at);
    expect(later).toBeLessThanOrEqual(sharesMax.later);
  }
});

if (isFullForm) {
  test('an honest node with ten times the capacity of the others has its full share after five minutes', async () => {
    const region = { region: 'region-1', caller: '198.51.100.1' };
    await using stage = await startRegions([region], rateFor(2 * honestCount * capacityMbps));
    await stage.fleet.join({ key: { region: region.region, id: 'large' }, capacityMbps: honestCount * capacityMbps });
    await delay(420_000);
    await stage.load.stop();
    const endedAtMs = performance.now();
    const share = shareOf(stage.load.answers(), 'region-1/large', endedAtMs - 120_000, endedAtMs);
    process.stdout.write(`the large node: ${(100 * share).toFixed(1)} % of the calls, 50 % of the capacity\n`);
    expect(share).toBeGreaterThan(0.45);
  }, 600_000);
}
