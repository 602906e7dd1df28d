import { afterEach, describe, expect, test } from '@jest/globals';
import { boundMs, eventually, startFleet, type Fleet, type StartedNode } from '@turn-router/testing';
import { ask, askForIceServers } from './ask.ts';
import { policy, regions } from './policy.ts';

/** Long enough to tolerate the delays of a busy machine, short enough for a test. */
const intervalMs = 2000;
const ttlMs = 3 * intervalMs;
const fromLondon = { forwardedFor: '81.2.69.142' };

/** So long that records outlive the end of a reporter on any machine. A node that is gone earlier was withdrawn by its reporter. */
const longIntervalMs = 10_000;

let fleet: Fleet;
const leavesPermanently = { DRAIN_ON_SIGTERM: 'true' };
async function start(reportIntervalMs: number, environment: Record<string, string> = {}): Promise<void> {
  fleet = await startFleet({
    policy,
    regions,
    routerEnvironment: { TRUSTED_PROXIES: '127.0.0.1/32' },
    reporterEnvironment: { REPORT_INTERVAL_SECONDS: `${reportIntervalMs / 1000}`, ...environment },
  });
}
afterEach(async () => fleet?.[Symbol.asyncDispose]());

function nodeOf(region: string): StartedNode {
  const node = fleet.nodes.find((each) => each.region === region);
  if (node === undefined) throw new RangeError(`no node in ${region}`);
  return node;
}

/** Waits until a caller from London is sent to another region, at most `timeoutMs`, and returns how long that took, ms. */
async function timeUntilSpilled(timeoutMs: number): Promise<number> {
  const startedAtMs = performance.now();
  await eventually(
    'callers to be sent to another region',
    async () => (await askForIceServers(fleet.router.url, {}, fromLondon)).region !== 'eu-central-1',
    { timeoutMs: boundMs(timeoutMs), everyMs: 20 },
  );
  return performance.now() - startedAtMs;
}

describe('a node stops getting calls', () => {
  test('within three intervals after its TURN server is killed', async () => {
    await start(intervalMs);
    const { coturn } = nodeOf('eu-central-1');
    coturn.signal('SIGKILL');
    await timeUntilSpilled(3 * intervalMs);
    expect(await askForIceServers(fleet.router.url, {}, fromLondon)).toMatchObject({
      region: 'us-east-1',
      spilledFrom: 'eu-central-1',
    });
  });

  test('within a second after its last report has expired, when its reporter is killed', async () => {
    await start(intervalMs);
    const { reporter } = nodeOf('eu-central-1');
    reporter.signal('SIGKILL');
    expect(await timeUntilSpilled(ttlMs + 1000)).toBeGreaterThan(intervalMs);
  });

  test('within 1.1 seconds after its reporter gets SIGTERM, if it leaves permanently', async () => {
    await start(longIntervalMs, leavesPermanently);
    const { reporter } = nodeOf('eu-central-1');
    reporter.signal('SIGTERM');
    await timeUntilSpilled(1100);
    expect(await reporter.exited).toBe(0);
  });

  test('within 3 seconds after its TURN server stops, if its reporter got SIGTERM before', async () => {
    await start(longIntervalMs);
    const { reporter, coturn } = nodeOf('eu-central-1');
    reporter.signal('SIGTERM');
    expect(await reporter.exited).toBe(0);
    expect((await askForIceServers(fleet.router.url, {}, fromLondon)).region).toBe('eu-central-1');
    coturn.signal('SIGKILL');
    await timeUntilSpilled(3000);
  });
});

test('callers spill from region to region, and get 503 when no region is left', async () => {
  await start(longIntervalMs, leavesPermanently);
  nodeOf('eu-central-1').reporter.signal('SIGTERM');
  nodeOf('us-east-1').reporter.signal('SIGTERM');
  await eventually('the last region to take over', async () => {
    const { region, spilledFrom } = await askForIceServers(fleet.router.url, {}, fromLondon);
    return region === 'ap-southeast-1' && spilledFrom === 'eu-central-1';
  });
  nodeOf('ap-southeast-1').reporter.signal('SIGTERM');
  const refused = await eventually('the router to refuse', async () => {
    const answer = await ask(fleet.router.url, {}, fromLondon);
    return answer.status === 200 ? undefined : answer;
  });
  expect(refused.status).toBe(503);
  expect(refused.headers).toMatchObject({
    'retry-after': '5',
    'content-type': 'application/problem+json; charset=utf-8',
  });
  expect(JSON.parse(refused.body)).toMatchObject({ code: 'no_relay_available', status: 503 });
  expect((await fetch(`${fleet.router.url}/readyz`)).status).toBe(200);
});
