import { askPermission, sendBinding, type LongTermCredentials, type StunServer } from '@turn-router/stun';
import { freePort, startProcess, temporaryDirectory, type TemporaryDirectory } from '@turn-router/testing';
import { issueCredential } from '@turn-router/turn-credentials';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { fullNode, north, runConfig, south, tlsFiles } from './run-config.fixture.ts';

const options = { timeoutMs: 10_000 };
/** What a log says when something is amiss. */
const complaint = /warn|error|alert|bad|cannot|fail|deprecat|unknown/i;

function linesOf(environment: Record<string, string>, ...args: string[]): string[] {
  const { status, stdout, stderr } = runConfig(environment, 'coturn', ...args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** The version of this machine's coturn. */
let installed: string;
let directory: TemporaryDirectory;
let certificate: string;
let privateKey: string;

beforeAll(async () => {
  installed = (await promisify(execFile)('turnserver', ['--version'])).stdout.trim();
  directory = await temporaryDirectory('coturn-config');
  [certificate, privateKey] = [join(directory.path, 'cert.pem'), join(directory.path, 'key.pem')];
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=turn.test';
  await promisify(execFile)('openssl', [...request.split(' '), '-keyout', privateKey, '-out', certificate]);
});

afterAll(async () => {
  await directory[Symbol.asyncDispose]();
});

/** Starts coturn with what `turnctl` writes for a node on loopback, and only files of its own besides. */
async function startGenerated(environment: Record<string, string> = {}, ...args: string[]) {
  const port = await freePort();
  const node = {
    PUBLIC_IP: '127.0.0.1',
    PUBLIC_IPV6: '::1',
    TURN_PORT: `${port}`,
    RELAY_MIN_PORT: '32200',
    RELAY_MAX_PORT: '32299',
    TURN_SECRETS: `b=${south},a=${north}`,
    ...environment,
  };
  const { stdout, stderr } = runConfig(node, 'coturn', '--coturn-version', installed, '--with-secrets', ...args);
  expect(stderr).toBe('');
  const file = join(directory.path, `${port}.conf`);
  const own = [`userdb=${join(directory.path, `${port}.db`)}`, `pidfile=${join(directory.path, `${port}.pid`)}`];
  await writeFile(file, `${stdout}\n${own.join('\n')}\n`, { mode: 0o600 });
  const server: StunServer = { host: '127.0.0.1', port, transport: 'udp' };
  const running = await startProcess({
    name: 'turnserver',
    command: 'turnserver',
    args: ['-c', file],
    isReady: () =>
      sendBinding(server, { timeoutMs: 1_000 }).then(
        () => true,
        () => false,
      ),
  });
  return { ...running, server };
}

function credentials(secret: string): LongTermCredentials {
  return issueCredential({ key: { id: 'a', secret }, opaqueUserId: 'caller', nowMs: Date.now(), ttlSeconds: 60 });
}

const peer = (address: string) => ({ address, port: 9, family: isIPv6(address) ? 'IPv6' : 'IPv4' }) as const;

describe('the configuration under the real coturn', () => {
  test('starts without a complaint, and takes every key', async () => {
    await using coturn = await startGenerated();
    for (const secret of [north, south]) {
      await expect(
        askPermission(coturn.server, credentials(secret), peer('8.8.8.8'), options),
      ).resolves.toBeUndefined();
    }
    expect(startOf(coturn.output()).filter((line) => complaint.test(line))).toEqual([]);
  });

  test('relays to the internet, and to nothing else', async () => {
    await using coturn = await startGenerated();
    const answers = async (addresses: readonly string[]) =>
      Object.fromEntries(
        await Promise.all(
          addresses.map(async (address, index) => {
            const opaqueUserId = `caller-${index}`;
            const key = { id: 'a', secret: north };
            const caller = issueCredential({ key, opaqueUserId, nowMs: Date.now(), ttlSeconds: 60 });
            return [address, await codeOf(askPermission(coturn.server, caller, peer(address), options))] as const;
          }),
        ),
      );
    expect(await answers(publicPeers)).toEqual(
      Object.fromEntries(publicPeers.map((address) => [address, 'permitted'])),
    );
    expect(await answers(forbiddenPeers)).toEqual(Object.fromEntries(forbiddenPeers.map((address) => [address, 403])));
  });

  test('speaks TLS 1.2, and nothing older', async () => {
    const tlsPort = await freePort();
    const environment = { TURN_TLS_PORT: `${tlsPort}`, TURN_HOSTNAME: 'turn.example.org' };
    await using coturn = await startGenerated(environment, '--cert', certificate, '--key', privateKey);
    const spoken = await Promise.all(tlsVersions.map((version) => speaksTls(tlsPort, version)));
    expect(spoken).toEqual([false, false, true]);
    expect(startOf(coturn.output()).filter((line) => complaint.test(line))).toEqual([]);
  });

  test('without its secret ends at once, and says why', async () => {
    const file = join(directory.path, 'no-secret.conf');
    const { stdout } = runConfig(fullNode, 'coturn', ...tlsFiles, '--coturn-version', installed);
    await writeFile(file, stdout);
    const starting = startProcess({ name: 'it', command: 'turnserver', args: ['-c', file], isReady: () => false });
    await expect(starting).rejects.toThrow('ERROR: Unknown user name: the-secret-is-missing-in-the-configuration');
    expect(stdout).not.toContain(north);
  });
});

const linesFor = (version: string) => linesOf(fullNode, ...tlsFiles, '--coturn-version', version);

describe('turnctl config coturn', () => {
  const switches = ['no-cli', 'no-dtls', 'no-tlsv1', 'no-tlsv1_1', 'no-rfc5780', 'software-attribute'];
  const switchesOf = (version: string) => linesFor(version).filter((line) => switches.includes(line));

  test.each([
    ['4.6.3', ['no-tlsv1', 'no-tlsv1_1', 'no-dtls', 'no-cli', 'no-rfc5780']],
    ['4.7.0', ['no-dtls', 'software-attribute', 'no-cli']],
    ['4.10.0', ['no-dtls', 'software-attribute']],
    ['4.17.1', ['software-attribute']],
  ])('tells coturn %s what it does not do by itself: %j', (version, expected) => {
    expect(switchesOf(version)).toEqual(expected);
  });

  test('maps and allows the address behind a NAT', () => {
    expect(linesOf({ PUBLIC_IP: '192.0.2.50' }, '--relay-ip', '10.0.0.7')).toEqual(
      expect.arrayContaining([
        'listening-ip=127.0.0.1',
        'listening-ip=10.0.0.7',
        'relay-ip=10.0.0.7',
        'external-ip=192.0.2.50/10.0.0.7',
        'allowed-peer-ip=10.0.0.7',
      ]),
    );
    expect(linesOf(fullNode, ...tlsFiles).join('\n')).not.toMatch(/external-ip|allowed-peer-ip/);
  });

  test.each([
    [{ TURN_HOSTNAME: 'turn.example.org', TURN_REALM: 'example.org' }, 'realm=example.org'],
    [{ TURN_HOSTNAME: 'turn.example.org' }, 'realm=turn.example.org'],
    [{}, 'realm=turn-router'],
  ])('%j: %s', (environment, expected) => {
    expect(linesOf({ PUBLIC_IP: '192.0.2.50', ...environment })).toContain(expected);
  });

  test.each([
    [{ PUBLIC_IP: '192.0.2.50' }, ['127.0.0.1', '192.0.2.50']],
    [{ PUBLIC_IPV6: '2001:db8::50' }, ['::1', '2001:db8::50']],
    [{ PUBLIC_IP: '192.0.2.50', TURN_ADDRESS: 'turn-1.internal' }, ['192.0.2.50']],
    [
      { PUBLIC_IP: '192.0.2.50', PUBLIC_IPV6: '2001:db8::50', TURN_ADDRESS_IPV6: 'fd00::7' },
      ['127.0.0.1', 'fd00::7', '192.0.2.50', '2001:db8::50'],
    ],
  ])('of %j listens where callers dial and the reporter probes: %j', (environment, expected) => {
    const listening = linesOf(environment).filter((line) => line.startsWith('listening-ip='));
    expect(listening).toEqual(expected.map((address) => `listening-ip=${address}`));
  });

  test('is for the recommended version where none is named', () => {
    expect(linesOf(fullNode, ...tlsFiles)).toEqual(linesFor('4.17.1'));
  });

  test('denies IPv4-mapped addresses as such only where coturn does not see through them', () => {
    const mapped = 'denied-peer-ip=::ffff:0:0-0:0:0:0:0:ffff:ffff:ffff';
    expect(linesFor('4.12.0')).toContain(mapped);
    expect(linesFor('4.13.0')).not.toContain(mapped);
  });

  test('refuses a secret that coturn would cut short, without showing it', () => {
    const environment = { PUBLIC_IP: '192.0.2.50', TURN_SECRETS: `b=${south},a=has-a-#-in-its-middle` };
    expect(runConfig(environment, 'coturn', '--with-secrets')).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'The secret "a" cannot be written for coturn: expected A–Z, a–z, 0–9, "+", "/", "_", "-" and "=", not beginning with "="\n',
    });
  });
});

/** What was logged before the first session. */
function startOf(log: string): string[] {
  const lines = log.split('\n');
  const first = lines.findIndex((line) => line.includes('session '));
  return first < 0 ? lines : lines.slice(0, first);
}

/** coturn 4.6.1 speaks no TLS 1.3. */
const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2'] as const;

/** Whether the server shakes hands in this version; coturn leaves others without an answer. */
function speaksTls(port: number, version: (typeof tlsVersions)[number]): Promise<boolean> {
  // OpenSSL's own client would not ask for the old ones.
  const ciphers = 'ALL:@SECLEVEL=0';
  const versions = { minVersion: version, maxVersion: version };
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, ...versions, ciphers, rejectUnauthorized: false });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('secureConnect', () => settle(true)).once('error', () => settle(false));
    socket.setTimeout(2_000, () => settle(false));
  });
}

async function codeOf(asked: Promise<void>): Promise<unknown> {
  return asked.then(
    () => 'permitted',
    (error: unknown) =>
      typeof error === 'object' && error !== null && 'stunErrorCode' in error ? error.stunErrorCode : String(error),
  );
}

const publicPeers = [
  '8.8.8.8',
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.0',
  '172.32.0.0',
  '2001:4860:4860::8888',
  '2a00::1',
];

/** The first, the last and a middle one of what must not be reached, and every way to write loopback. */
const forbiddenPeers = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.0',
  '10.255.255.255',
  '100.64.0.0',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.255',
  '169.254.169.254',
  '172.16.0.0',
  '172.31.255.255',
  '192.168.0.0',
  '192.168.255.255',
  '198.18.0.1',
  '224.0.0.1',
  '239.255.255.255',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:169.254.169.254',
  '64:ff9b::7f00:1',
  '64:ff9b:1::1',
  '2002:7f00:1::',
  '2001::1',
  'fc00::1',
  'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  'fe80::1',
  'febf::1',
  'fec0::1',
  'ff02::1',
];
