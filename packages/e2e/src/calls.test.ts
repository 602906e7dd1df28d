import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { allocateAndRelease } from '@turn-router/stun';
import { launchChromium, startFleet, type Fleet } from '@turn-router/testing';
import type { Browser } from 'playwright-core';
import { ask, askForIceServers } from './ask.ts';
import { policy, regions } from './policy.ts';
import { callThroughRelay } from './relayed-call.ts';

let fleet: Fleet;
let browser: Browser;
let url: string;
/** The output of every process except coturn, and every answer that must contain no credential. */
let written = '';
const credentials: string[] = [];

beforeAll(async () => {
  fleet = await startFleet({
    policy,
    regions,
    geoData: 'default',
    routerEnvironment: { TRUSTED_PROXIES: '127.0.0.1/32', LOG_LEVEL: 'trace' },
    reporterEnvironment: { REPORT_INTERVAL_SECONDS: '1', LOG_LEVEL: 'trace' },
    onOutput: (part, text) => {
      if (!part.startsWith('coturn')) written += text;
    },
  });
  url = fleet.router.url;
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await fleet?.[Symbol.asyncDispose]();
});

async function relaysFor(
  ...parameters: Parameters<typeof askForIceServers> extends [string, ...infer Rest] ? Rest : never
) {
  const answer = await askForIceServers(url, ...parameters);
  for (const { credential } of answer.iceServers) if (credential !== undefined) credentials.push(credential);
  return answer;
}

function turnOf(answer: Awaited<ReturnType<typeof askForIceServers>>) {
  const [{ username = '', credential = '', urls: [turnUrl = ''] } = { urls: [] }] = answer.iceServers;
  const port = Number(/:(\d+)\?/.exec(turnUrl)?.[1]);
  return { username, credential, port };
}

describe('the home region of a caller', () => {
  test.each([
    ['81.2.69.142', 'eu-central-1'],
    ['2a02:d100::1', 'eu-central-1'],
    ['8.8.8.8', 'us-east-1'],
    ['2001:4860:4860::8888', 'us-east-1'],
    ['1.1.1.1', 'ap-southeast-1'],
    ['202.12.27.33', 'ap-southeast-1'],
    ['203.0.113.1', 'us-east-1'],
    ['10.0.0.1', 'us-east-1'],
  ])('at %s is %s', async (address, region) => {
    const answer = await relaysFor({}, { forwardedFor: address });
    expect(answer).toMatchObject({ region, nodes: [`${region}/node-01`] });
    expect(answer).not.toHaveProperty('spilledFrom');
  });

  test('ignores X-Forwarded-For from a peer that is not a trusted proxy', async () => {
    const answer = await relaysFor({}, { forwardedFor: '81.2.69.142', localAddress: '127.0.0.2' });
    expect(answer.region).toBe('us-east-1');
  });
});

describe('a call', () => {
  test.each(['udp', 'tcp'] as const)('runs between two browsers through coturn over %s', async (transport) => {
    const { iceServers } = await relaysFor({ userId: 'alice-in-the-log', transports: [transport] });
    const reports = await callThroughRelay(browser, url, iceServers);
    expect(reports).toEqual([
      { received: 'from the callee', candidateType: 'relay', relayProtocol: transport },
      { received: 'from the caller', candidateType: 'relay', relayProtocol: transport },
    ]);
  });

  test('also works with coturn’s own client and the same credentials', async () => {
    const { username, credential, port } = turnOf(await relaysFor({ userId: 'alice-in-the-log' }));
    const { stdout } = await promisify(execFile)('turnutils_uclient', [
      '-u',
      username,
      '-w',
      credential,
      '-p',
      `${port}`,
      '-y',
      '-c',
      '-n',
      '3',
      '-m',
      '1',
      '127.0.0.1',
    ]);
    expect(stdout).toMatch(/tot_send_msgs=(\d+), tot_recv_msgs=\1\b/);
  });
});

test('a credential works until its expiry, and is refused a second later', async () => {
  const answer = await relaysFor({ ttlSeconds: 3 });
  const { username, credential, port } = turnOf(answer);
  const allocate = () =>
    allocateAndRelease({ host: '127.0.0.1', port, transport: 'udp' }, { username, credential }, { timeoutMs: 60_000 });
  await expect(allocate()).resolves.toMatchObject({ realm: 'turn.test' });
  // coturn counts whole seconds, with a clock that lags behind ours by up to one tick (time(2)).
  await delay(Date.parse(answer.expiresAt) + 1050 - Date.now());
  await expect(allocate()).rejects.toMatchObject({ code: 'refused', stunErrorCode: 401 });
});

test('logs, problems, metrics and documents contain no secret, no credential and no user id', async () => {
  const bad = [
    { userId: 'alice-in-the-log', ttlSeconds: 0 },
    { userId: 'alice-in-the-log', requireRegion: 'mars' },
    { userId: 'alice-in-the-log\r\nx' },
  ];
  for (const requestBody of bad) written += (await ask(url, requestBody)).body;
  const wrongToken = { method: 'PUT', headers: { authorization: `Bearer ${fleet.secrets.reporterToken}x` } };
  written += await (await fetch(`${url}/v1/nodes/us-east-1/x`, wrongToken)).text();
  for (const page of [`${fleet.router.adminUrl}/metrics`, `${url}/openapi.json`, `${url}/readyz`]) {
    written += await (await fetch(page)).text();
  }

  expect(written).toContain('turn_router_issued_total');
  expect(written).toContain('"route":"/v1/ice-servers"');
  expect(credentials.length).toBeGreaterThan(10);
  for (const secret of [fleet.secrets.turn, fleet.secrets.reporterToken, 'alice-in-the-log', ...credentials]) {
    expect(written).not.toContain(secret);
  }
});
