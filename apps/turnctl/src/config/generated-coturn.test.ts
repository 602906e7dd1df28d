import { askPermission, proveRelay, type LongTermCredentials, type StunServer } from '@turn-router/stun';
import { freePort, startProcess, temporaryDirectory, type TemporaryDirectory } from '@turn-router/testing';
import { issueCredential } from '@turn-router/turn-credentials';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { forbiddenPeers, publicPeers } from './peer-matrix.fixture.ts';
import { fullNode, north, runConfig, south, tlsFiles } from './run-config.fixture.ts';
import { installedCoturn, startGeneratedCoturn } from './start-generated-coturn.fixture.ts';

const options = { timeoutMs: 60_000 };
const hostname = 'turn.example.org';

let directory: TemporaryDirectory;
let certificate: string;
let privateKey: string;

beforeAll(async () => {
  directory = await temporaryDirectory('certificate');
  [certificate, privateKey] = [join(directory.path, 'cert.pem'), join(directory.path, 'key.pem')];
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2'.split(' ');
  const subject = ['-subj', `/CN=${hostname}`, '-addext', `subjectAltName=DNS:${hostname}`];
  await promisify(execFile)('openssl', [...request, ...subject, '-keyout', privateKey, '-out', certificate]);
});

afterAll(async () => {
  await directory?.[Symbol.asyncDispose]();
});

/** Creates a node with TLS, and the arguments of turnctl for this node. */
const tlsNode = (tlsPort: number) => ({
  environment: { TURN_TLS_PORT: `${tlsPort}`, TURN_HOSTNAME: hostname },
  args: ['--cert', certificate, '--key', privateKey],
});

function credentials(secret = north, opaqueUserId = 'caller'): LongTermCredentials {
  return issueCredential({ key: { id: 'a', secret }, opaqueUserId, nowMs: Date.now(), ttlSeconds: 60 });
}

const peer = (address: string) => ({ address, port: 9, family: isIPv6(address) ? 'IPv6' : 'IPv4' }) as const;

/** Returns the server's answer for each peer. Each peer is requested by a separate caller. */
async function answersTo(server: StunServer, addresses: readonly string[]): Promise<Record<string, string>> {
  const ask = async (address: string, index: number) => {
    const asked = askPermission(server, credentials(north, `caller-${index}`), peer(address), options);
    return [address, await asked.then(() => 'permitted', faultOf)] as const;
  };
  return Object.fromEntries(await Promise.all(addresses.map(ask)));
}

describe('a coturn with the generated configuration', () => {
  test('starts without a warning, and accepts every key', async () => {
    await using coturn = await startGeneratedCoturn();
    for (const secret of [north, south]) {
      const asked = askPermission(coturn.server, credentials(secret), peer('8.8.8.8'), options);
      await expect(asked).resolves.toBeUndefined();
    }
    expect(complaintsIn(coturn.output())).toEqual([]);
  });

  test('relays only to the internet', async () => {
    await using coturn = await startGeneratedCoturn();
    expect(await answersTo(coturn.server, publicPeers)).toEqual(all(publicPeers, 'permitted'));
    expect(await answersTo(coturn.server, forbiddenPeers)).toEqual(all(forbiddenPeers, 'peer_forbidden'));
  });

  // 127.0.0.2 stands for a private address. coturn also denies loopback by itself, so the test allows this address; turnctl does not.
  test.each([
    ['on the address that callers use', { PUBLIC_IP: '127.0.0.2' }, [], '127.0.0.2'],
    ['behind a NAT', { PUBLIC_IP: '198.51.100.9' }, ['--relay-ip', '127.0.0.2'], '198.51.100.9'],
  ])('relays to its own address %s, but to no other address of that network', async (_where, node, args, relayed) => {
    const tlsPort = await freePort();
    const tls = tlsNode(tlsPort);
    await using coturn = await startGeneratedCoturn({
      environment: { ...tls.environment, PUBLIC_IPV6: '', ...node },
      args: [...tls.args, ...args],
      addition: ['allow-loopback-peers', 'allowed-peer-ip=127.0.0.2'],
    });
    const caCertificates = await readFile(certificate, 'utf8');
    const servers: StunServer[] = [
      coturn.server,
      { ...coturn.server, transport: 'tcp' },
      { ...coturn.server, transport: 'tls', port: tlsPort, serverName: hostname, caCertificates },
    ];
    for (const server of servers) {
      expect(await proveRelay(server, credentials(), options)).toMatchObject({
        grant: { relayedAddress: { address: relayed }, realm: hostname },
        relay: { ok: true },
      });
    }
    const others = ['127.0.0.1', '127.0.0.3', '10.0.0.7'];
    expect(await answersTo(coturn.server, others)).toEqual(all(others, 'peer_forbidden'));
  });

  test('supports TLS 1.2, and no older version', async () => {
    const tlsPort = await freePort();
    await using coturn = await startGeneratedCoturn(tlsNode(tlsPort));
    const spoken = await Promise.all(tlsVersions.map((version) => speaksTls(tlsPort, version)));
    expect(spoken).toEqual([false, false, true]);
    expect(complaintsIn(coturn.output())).toEqual([]);
  });

  test('exits at start without a secret, and logs the reason', async () => {
    const file = join(directory.path, 'no-secret.conf');
    const version = ['--coturn-version', await installedCoturn()];
    const { stdout } = await runConfig(fullNode, 'coturn', ...tlsFiles, ...version);
    await writeFile(file, stdout);
    const starting = startProcess({ name: 'it', command: 'turnserver', args: ['-c', file], isReady: () => false });
    await expect(starting).rejects.toThrow('Unknown user name: the-secret-is-missing-in-the-configuration');
    expect(stdout).not.toContain(north);
  });
});

/** Returns warnings and errors before the first session. Later lines are skipped, because coturn logs a refused caller as an error. */
function complaintsIn(log: string): string[] {
  const lines = log.split('\n');
  const first = lines.findIndex((line) => line.includes('session '));
  const start = first < 0 ? lines : lines.slice(0, first);
  return start.filter((line) => /warn|error|alert|bad|cannot|fail|deprecat|unknown/i.test(line));
}

/** coturn 4.6.1 does not support TLS 1.3. */
const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2'] as const;

/** Whether a TLS handshake with this version succeeds. coturn does not answer other versions. */
function speaksTls(port: number, version: (typeof tlsVersions)[number]): Promise<boolean> {
  // OpenSSL's default client settings exclude the old versions.
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

function faultOf(error: unknown): string {
  return error instanceof Error && 'fault' in error ? String(error.fault) : String(error);
}

function all(addresses: readonly string[], answer: string): Record<string, string> {
  return Object.fromEntries(addresses.map((address) => [address, answer]));
}
