import { createServer } from 'node:net';
import { once } from 'node:events';
import { copyFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { noProofs } from '@turn-router/geo';
import { eventually, freePort, temporaryDirectory, tinyGeoFile, type TemporaryDirectory } from '@turn-router/testing';
import { readConfig } from '../config/read-config.ts';
import { openRawClient } from '../http/raw-client.fixture.ts';
import { createLogger } from '../observe/logger.ts';
import { createReloadRequests } from '../process/reload-requests.ts';
import { runRouter, type RouterParts } from './run-router.ts';

const policy = 'defaultRegion: eu\nregions:\n  eu: {location: [50, 8]}\n';
const report = { status: 'healthy', cpu: 1, bandwidth_mbps: 1, port: 3478, public_ip: '192.0.2.50' };

let directory: TemporaryDirectory;
let lines: string[];
beforeEach(async () => {
  directory = await temporaryDirectory('run-router');
  lines = [];
  await writeFile(join(directory.path, 'policy.yaml'), policy);
});
afterEach(async () => directory[Symbol.asyncDispose]());

type Running = AsyncDisposable & {
  readonly publicUrl: string;
  readonly adminUrl: string;
  /** Requests a reload of all files. */
  readonly reload: () => void;
  /** Ends it; settles when it has ended. */
  readonly stop: () => Promise<void>;
};

/** Starts the router in this process. */
async function start(environment: Record<string, string> = {}): Promise<Running> {
  const read = readConfig({
    AUTH: 'anonymous',
    HOST: '127.0.0.1',
    PORT: `${await freePort()}`,
    ADMIN_PORT: `${await freePort()}`,
    POLICY_FILE: join(directory.path, 'policy.yaml'),
    GEOIP_DB: tinyGeoFile,
    TURN_SECRETS: 'first=north-secret-of-2026',
    REPORTER_TOKEN: 'reporter-token-of-2026',
    ADMIN_TOKEN: 'operator-token-of-2026-which-is-long',
    STATE_DIR: directory.path,
    ...environment,
  });
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  let ids = 0;
  const reloads = createReloadRequests();
  const parts: RouterParts = {
    nowMs: Date.now,
    monotonicNowMs: () => performance.now(),
    random: Math.random,
    newId: () => `id-${(ids += 1)}`,
    version: '1.2.3',
    logger: createLogger('trace', { write: (line) => void lines.push(line) }),
    geoProofs: noProofs,
    reloads,
  };
  const stop = new AbortController();
  const { config, secrets } = read.config;
  let urls: Pick<Running, 'publicUrl' | 'adminUrl'> | undefined;
  const running = runRouter(config, secrets, parts, stop.signal, ({ publicPort, adminPort }) => {
    urls = { publicUrl: `http://127.0.0.1:${publicPort}`, adminUrl: `http://127.0.0.1:${adminPort}` };
  });
  const end = () => {
    stop.abort();
    return running;
  };
  let hasEnded = false;
  const ended = running.finally(() => (hasEnded = true));
  ended.catch(() => undefined);
  await eventually('the router to listen', () => hasEnded || urls !== undefined, { everyMs: 5 });
  if (urls === undefined) {
    await running;
    throw new Error('the router ended before it listened');
  }
  return { ...urls, reload: reloads.request, stop: end, [Symbol.asyncDispose]: end };
}

const asReporter = { authorization: 'Bearer reporter-token-of-2026', 'content-type': 'application/json' };
const asOperator = { authorization: 'Bearer operator-token-of-2026-which-is-long' };

const reportNode = ({ publicUrl }: Running) =>
  fetch(`${publicUrl}/v1/nodes/eu/x`, { method: 'PUT', headers: asReporter, body: JSON.stringify(report) });
const askForRelays = ({ publicUrl }: Running) => fetch(`${publicUrl}/v1/ice-servers`, { method: 'POST' });

describe('the router in one process', () => {
  test('answers callers and operators from a node’s report, and closes everything at the end', async () => {
    await using router = await start();
    expect((await reportNode(router)).status).toBe(204);
    await eventually('the node to be given out', async () => (await askForRelays(router)).status === 200);

    const fleet = await (await fetch(`${router.adminUrl}/admin/v1/fleet`, { headers: asOperator })).json();
    expect(fleet).toMatchObject({ trust: 'fresh', nodes: [{ name: 'eu/x', state: 'healthy' }] });
    await eventually('the policy to be in the audit log', async () => {
      const audit = await fetch(`${router.adminUrl}/admin/v1/audit`, { headers: asOperator });
      return (await audit.text()).includes('"action":"policy.changed"');
    });

    await router.stop();
    await expect(askForRelays(router)).rejects.toThrow('fetch failed');
    await expect(fetch(`${router.adminUrl}/metrics`)).rejects.toThrow('fetch failed');
    expect(lines.at(-1)).toContain('stopping: finishing the requests in progress');
  });

  test('refuses a caller revoked before a restart, until the revocation is lifted', async () => {
    await using first = await start();
    const revoked = await fetch(`${first.adminUrl}/admin/v1/revocations`, {
      method: 'PUT',
      headers: { ...asOperator, 'content-type': 'application/json' },
      body: JSON.stringify({ subject: 'address:127.0.0.1/32' }),
    });
    expect(revoked.status).toBe(200);
    await first.stop();

    await using second = await start();
    expect((await askForRelays(second)).status).toBe(403);
    await fetch(`${second.adminUrl}/admin/v1/revocations/lift`, {
      method: 'POST',
      headers: { ...asOperator, 'content-type': 'application/json' },
      body: JSON.stringify({ subject: 'address:127.0.0.1/32' }),
    });
    await reportNode(second);
    await eventually('the node to be given out', async () => (await askForRelays(second)).status === 200);
  });

  test('applies a changed policy', async () => {
    await using router = await start();
    const draft = join(directory.path, 'draft.yaml');
    await writeFile(draft, policy.replaceAll('eu', 'us'));
    await rename(draft, join(directory.path, 'policy.yaml'));
    const region = await eventually('the policy to be in force', async () => {
      const text = await (await fetch(`${router.publicUrl}/v1/region`)).text();
      return text.includes('"region":"us"') && text;
    });
    expect(JSON.parse(region)).toMatchObject({ region: 'us', fallbacks: [] });
  });

  test('reads policy, API keys and GeoIP files at a reload, and says so even if nothing has changed', async () => {
    const keysFile = join(directory.path, 'keys.yaml');
    const geoFile = join(directory.path, 'geo.mmdb');
    await writeFile(keysFile, '{}');
    await copyFile(tinyGeoFile, geoFile);
    await using router = await start({ AUTH: 'anonymous,api-key', API_KEYS_FILE: keysFile, GEOIP_DB: geoFile });
    const countReloads = () => lines.filter((line) => line.includes('"event":"router.reloaded"')).length;
    router.reload();
    await eventually('the first reload', () => countReloads() === 1, { everyMs: 5 });
    expect(lines.join('')).not.toMatch(/policy\.applied|geoip\.reloaded/);

    await writeFile(keysFile, `web: {secrets: [{sha256: ${'a'.repeat(64)}}]}`);
    await rename(geoFile, `${geoFile}.old`);
    await copyFile(tinyGeoFile, geoFile);
    await writeFile(join(directory.path, 'policy.yaml'), policy.replaceAll('eu', 'us'));
    router.reload();
    await eventually('the second reload', () => countReloads() === 2, { everyMs: 5 });
    const before = lines.join('').split('"event":"router.reloaded"').slice(0, 2).join('');
    for (const event of ['policy.applied', 'geoip.reloaded', '"keys":1']) expect(before).toContain(event);
  });

  test('does not start with an invalid policy, and reports the fault', async () => {
    await writeFile(join(directory.path, 'policy.yaml'), 'regions: {}\n');
    await expect(start()).rejects.toMatchObject({ name: 'PolicyError', message: expect.stringContaining(':1: ') });
  });

  test('does not start while a port is taken, and frees the other port', async () => {
    const holder = createServer().unref();
    holder.listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const adminPort = await freePort();
    await expect(start({ PORT: `${port}`, ADMIN_PORT: `${adminPort}` })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: `PORT: another program uses port ${port}, which the public listener needs: end that program, or set PORT to a free port`,
    });
    await expect(start({ ADMIN_PORT: `${port}` })).rejects.toMatchObject({
      message: `ADMIN_PORT: another program uses port ${port}, which the admin listener needs: end that program, or set ADMIN_PORT to a free port`,
    });
    holder.close();
    await using _router = await start({ ADMIN_PORT: `${adminPort}` });
  });
});

const placeOf = async ({ publicUrl }: Running, headers: Record<string, string>): Promise<unknown> =>
  (await fetch(`${publicUrl}/v1/region`, { headers })).json();
const mismatches = () =>
  lines.map((line) => JSON.parse(line)).filter(({ event }) => String(event).startsWith('client_address.'));

describe('the router behind a proxy', () => {
  const fromLondon = '81.2.69.142';
  test('believes the header that CLIENT_ADDRESS_HEADER names, and warns about every other way once', async () => {
    await using router = await start({ TRUSTED_PROXIES: '127.0.0.1', CLIENT_ADDRESS_HEADER: 'Forwarded' });
    expect(await placeOf(router, { forwarded: `by=10.0.0.4;for=${fromLondon};proto=https` })).toMatchObject({
      reason: 'nearest',
    });
    expect(await placeOf(router, { forwarded: 'for="[64:ff9b::5102:458e]:443"' })).toMatchObject({ reason: 'nearest' });
    expect(mismatches()).toEqual([]);

    for (let time = 0; time < 2; time += 1) {
      expect(await placeOf(router, { 'x-real-ip': fromLondon })).toMatchObject({ reason: 'default' });
      expect(await placeOf(router, { forwarded: 'for=_hidden' })).toMatchObject({ reason: 'default' });
      using client = openRawClient(Number(new URL(router.publicUrl).port));
      expect((await client.ask(`PROXY TCP4 ${fromLondon} 10.0.0.1 1 2\r\n\r\n`))?.body).toContain('PROXY protocol');
    }
    expect(mismatches().map(({ level, event, seen }) => [level, event, seen])).toEqual([
      [40, 'client_address.header_missing', 'x-real-ip'],
      [40, 'client_address.header_unreadable', undefined],
      [40, 'client_address.proxy_protocol', undefined],
    ]);
  });

  test('warns once that the proxy is not in TRUSTED_PROXIES', async () => {
    await using router = await start();
    for (let time = 0; time < 3; time += 1) {
      expect(await placeOf(router, { 'x-forwarded-for': fromLondon })).toMatchObject({ reason: 'default' });
    }
    expect(mismatches()).toEqual([
      expect.objectContaining({
        level: 40,
        event: 'client_address.peer_untrusted',
        seen: 'x-forwarded-for',
        network: '127.0.0.0/24',
      }),
    ]);
    expect(lines.join('')).not.toContain(fromLondon);
  });

  test.each(['publicUrl', 'adminUrl'] as const)('keeps every header line at %s, or refuses the head', async (url) => {
    await using router = await start();
    using client = openRawClient(Number(new URL(router[url]).port));
    const ask = async (fillers: number) =>
      (await client.ask(`GET /openapi.json HTTP/1.1\r\nHost: x\r\n${'a:b\r\n'.repeat(fillers)}\r\n`))?.status;
    expect([await ask(200), await ask(300), await ask(5_000)]).toEqual([200, 431, 431]);
  });
});
