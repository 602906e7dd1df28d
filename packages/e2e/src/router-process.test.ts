import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  boundMs,
  eventually,
  isFullForm,
  startProcess,
  startRouter,
  startSteadyLoad,
  temporaryDirectory,
  type RouterProcess,
  type TemporaryDirectory,
} from '@turn-router/testing';
import { ask, askForIceServers } from './ask.ts';
import { policy } from './policy.ts';

const reporterToken = 'reporter-token-of-2026';
const report = { cpu: 1, bandwidth_mbps: 1, status: 'healthy', public_ip: '192.0.2.50', port: 3478 };
const fromLondon = { forwardedFor: '81.2.69.142' };

let directory: TemporaryDirectory;
let policyFile: string;
beforeAll(async () => {
  directory = await temporaryDirectory('e2e');
  policyFile = join(directory.path, 'policy.yaml');
});
afterAll(async () => directory?.[Symbol.asyncDispose]());

const start = (environment: Record<string, string> = {}) =>
  startRouter({ policyFile, turnSecrets: 'first=north-secret-of-2026', reporterToken, environment });

/** Returns the nice value of each thread, 0 to 19 (proc(5), /proc/pid/stat). The first is that of the thread that answers requests. */
async function nicenessOfThreads(pid: number): Promise<number[]> {
  const threads = (await readdir(`/proc/${pid}/task`)).map(Number).toSorted((a, b) => a - b);
  const stats = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8')));
  // The name before ") " may contain spaces. The third field follows it; nice is the nineteenth.
  return stats.map((stat) => Number(stat.slice(stat.lastIndexOf(') ') + 2).split(' ')[16]));
}

const startingError = async (environment: Record<string, string>) => {
  const started = start(environment).then(async (router) => router.stop());
  return started.then(
    () => 'it started',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
};

describe('a router that cannot start reports', () => {
  beforeEach(() => writeFile(policyFile, policy));

  test('all invalid settings at once, without secrets', async () => {
    const message = await startingError({
      AUTH: '',
      PORT: '80800',
      TURN_SECRETS: 'first=hush-hush',
      TRUSTED_PROXIES: 'true',
      REDIS_URL: 'http://:hush-hush@127.0.0.1',
    });
    expect(message).toContain('turn-router cannot start: 5 fault(s) in its settings');
    for (const name of ['AUTH', 'PORT', 'TURN_SECRETS', 'TRUSTED_PROXIES', 'REDIS_URL']) {
      expect(message).toContain(`\n  ${name}: `);
    }
    expect(message).not.toContain('hush');
  });

  test('the faults of the policy with their lines', async () => {
    await writeFile(policyFile, policy.replace('spillover: [eu-central-1, ap', 'spillover: [eu-west-9, ap'));
    expect(await startingError({})).toContain(
      `${policyFile}:4: regions.us-east-1.spillover[0]: Unknown region "eu-west-9"`,
    );
  });

  test.each([
    '- {issuer: https://<tenant>/, jwksUrl: https://<tenant>/.well-known/jwks.json, audience: <API identifier>}',
    '- {issuer: https://id.example.org/, jwksUrl: https://id.example.org/keys, audience: "${AUD}"}',
    '- {issuer: https://id.example.org/, jwksUrl: https://id.example.org/keys, audience: YOUR_API}',
  ])('an issuer whose placeholders are not filled in: %s', async (entry) => {
    const file = join(directory.path, 'issuers.yaml');
    await writeFile(file, entry);
    const message = await startingError({ AUTH: 'jwt', JWT_ISSUERS_FILE: file });
    expect(message).toContain('audience[0]: Has a placeholder');
  });

  test('an invalid GeoIP file', async () => {
    expect(await startingError({ GEOIP_DB: policyFile })).toContain(`turn-router cannot run: ${policyFile}: `);
  });

  test('a GeoIP file that is a named pipe or a device', async () => {
    const pipe = join(directory.path, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const message = await startingError({ GEOIP_DB: `${pipe},/dev/zero` });
    expect(message).toContain(`turn-router cannot run: ${pipe}: is not a regular file; expected`);
    expect(message).toContain('/dev/zero: is not a regular file; expected');
  });
});

describe('a running router', () => {
  let router: RouterProcess;
  beforeEach(async () => {
    await writeFile(policyFile, policy);
    router = await start({ TRUSTED_PROXIES: '127.0.0.1/32' });
    for (const region of ['eu-central-1', 'us-east-1']) {
      await fetch(`${router.url}/v1/nodes/${region}/x?ttlSeconds=300`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${reporterToken}`, 'content-type': 'application/json' },
        body: JSON.stringify(report),
      });
    }
    await eventually('the nodes to be served', async () => {
      const answer = await ask(router.url, { requireRegion: 'us-east-1' });
      return answer.status === 200;
    });
  });
  afterEach(async () => router?.stop());

  const isPlacedInVirginia = async () => (await askForIceServers(router.url, {}, fromLondon)).region === 'us-east-1';

  test('applies a changed policy within two seconds, and keeps it when the next one is invalid', async () => {
    await writeFile(policyFile, `${policy}placement: {continents: {EU: us-east-1}}\n`);
    await eventually('callers to be placed in the other region', isPlacedInVirginia, { timeoutMs: boundMs(2000) });

    await writeFile(policyFile, `${policy}colour: red\n`);
    const lastLine = policy.split('\n').length;
    await eventually('the rejection in the log', () =>
      router.output().includes(`${policyFile}:${lastLine}: colour: Unknown field`),
    );
    expect(await isPlacedInVirginia()).toBe(true);
  });

  test('finishes the requests in progress after SIGTERM, then ends', async () => {
    const { hostname, port } = new URL(router.url);
    const socket = connect(Number(port), hostname).setEncoding('utf8');
    await once(socket, 'connect');
    let answer = '';
    socket.on('data', (text: string) => (answer += text));
    const body = '{"userId":"alice"}';
    const head = `POST /v1/ice-servers HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    socket.write(head + body.slice(0, 5));
    // When a later request has been answered, the router has read the head of this one.
    await ask(router.url);

    router.signal('SIGTERM');
    await eventually('the router to accept no more requests', () =>
      ask(router.url).then(
        () => false,
        () => true,
      ),
    );
    socket.write(body.slice(5));
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toContain('"iceServers":[');
    expect(await router.exited).toBe(0);
  });
});

/** Waits, because the threads get it one after the other. Returns the niceness of the thread that answers. */
async function untilLowered(pid: number): Promise<number | undefined> {
  const [answering] = await eventually('four threads with a lower priority', async () => {
    const all = await nicenessOfThreads(pid);
    return all.filter((niceness) => niceness === 19).length >= 4 && all;
  });
  return answering;
}

describe('a warm process gives its background threads a lower priority than the thread that answers:', () => {
  test('one that says that it has used nine seconds of CPU', async () => {
    const module = new URL('../../../apps/router/dist/process/lower-background-threads.js', import.meta.url).href;
    const script = `
      import { lowerBackgroundThreads } from '${module}';
      lowerBackgroundThreads({ pid: process.pid, cpuUsage: () => ({ user: 9e6, system: 0 }) });
      setInterval(() => {}, 1000);
    `;
    await using warm = await startProcess({
      name: 'a warm process',
      command: process.execPath,
      args: ['--input-type=module', '--eval', script],
      isReady: () => Promise.resolve(true),
    });
    expect(await untilLowered(warm.pid)).toBe(0);
  });

  if (isFullForm) {
    test('a router under load', async () => {
      await writeFile(policyFile, policy);
      await using router = await start();
      expect(new Set(await nicenessOfThreads(router.pid))).toEqual(new Set([0]));
      await using _load = startSteadyLoad({ url: router.url, ratePerSecond: 1_000, maxSeconds: 60 });
      expect(await untilLowered(router.pid)).toBe(0);
    });
  }
});
