import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  freePort,
  pauseProcess,
  makeCertificate,
  startCoturn,
  temporaryDirectory,
  type CoturnServer,
  type TemporaryDirectory,
} from '@turn-router/testing';
import { startCoturnOnAllPaths, type CoturnOnAllPaths } from '../test-servers/coturn-on-all-paths.ts';
import { startLossyUdpPath, type Datagram } from '../test-servers/lossy-udp-path.ts';
import { credentialsFor, testSecret } from '../test-servers/turn-rest-credentials.ts';
import { proveRelay, sendBinding, type StunServer } from './index.ts';
import { methods } from './message/message-type.ts';

const longTimeout = { timeoutMs: 60_000 };
const brief = { timeoutMs: 700 };

const udpTo = ({ address, port }: CoturnServer): StunServer => ({ host: address, port, transport: 'udp' });
const loopback = (family: 'IPv4' | 'IPv6') => ({
  address: family === 'IPv4' ? '127.0.0.1' : '::1',
  port: expect.any(Number),
  family,
});

let directory: TemporaryDirectory;
let coturn: CoturnServer;
let servers: CoturnOnAllPaths['servers'];

beforeAll(async () => {
  directory = await temporaryDirectory('prove');
  ({ coturn, servers } = await startCoturnOnAllPaths(directory.path));
});

afterAll(async () => {
  await coturn?.stop();
  await directory?.[Symbol.asyncDispose]();
});

function serverOf(name: string): StunServer {
  const server = servers[name];
  if (server === undefined) throw new Error(`no server ${name}`);
  return server;
}

describe.each(['udp', 'tcp', 'tls'].flatMap((transport) => ['127.0.0.1', '::1'].map((host) => [transport, host])))(
  'a real coturn, %s to %s',
  (transport, host) => {
    test.each(['IPv4', 'IPv6'] as const)('relays a datagram to itself and back over %s', async (relayFamily) => {
      const { grant, relay } = await proveRelay(serverOf(`${transport} to ${host}`), credentialsFor(), {
        ...longTimeout,
        relayFamily,
      });
      expect(relay).toEqual({ ok: true, roundTripMs: expect.any(Number) });
      expect(grant).toMatchObject({ realm: 'turn.test', relayedAddress: loopback(relayFamily) });
    });
  },
);

test('returns the expiry date of the certificate over TLS', async () => {
  const { grant } = await proveRelay(serverOf('tls to 127.0.0.1'), credentialsFor(), longTimeout);
  const daysLeft = ((grant.certificateExpiresAtMs ?? 0) - Date.now()) / 86_400_000;
  expect(daysLeft).toBeGreaterThan(1.9);
  expect(daysLeft).toBeLessThanOrEqual(2);
});

/** Matches the first datagram of its kind, or the one with number `count`. */
const first = (toServer: boolean, method: number, messageClass: string, count = 1): Datagram => ({
  toServer,
  method,
  messageClass,
  count,
});

describe('a lossy path', () => {
  const { allocate, createPermission, refresh, send, data } = methods;
  test.each<[what: string, lost: Datagram]>([
    ['the first request', first(true, allocate, 'request')],
    ['the challenge', first(false, allocate, 'error')],
    ['the signed request', first(true, allocate, 'request', 2)],
    ['the grant', first(false, allocate, 'success')],
    ['the request for a permission', first(true, createPermission, 'request')],
    ['the permission', first(false, createPermission, 'success')],
    ['the datagram on its way out', first(true, send, 'indication')],
    ['the datagram on its way back', first(false, data, 'indication')],
    ['the release', first(true, refresh, 'request')],
  ])('proves the relay without %s', async (_what, lost) => {
    const isLost = (datagram: Datagram) => JSON.stringify(datagram) === JSON.stringify(lost);
    await using path = await startLossyUdpPath(udpTo(coturn), isLost);
    const { relay } = await proveRelay(path.server, credentialsFor(), longTimeout);
    expect(relay).toMatchObject({ ok: true });
    expect(path.lost).toBe(1);
  });

  test('fails with not_relayed if only the relayed datagrams are lost', async () => {
    await using path = await startLossyUdpPath(udpTo(coturn), ({ method }) => method === data);
    const { relay } = await proveRelay(path.server, credentialsFor(), brief);
    expect(relay).toMatchObject({
      ok: false,
      error: {
        code: 'timeout',
        fault: 'not_relayed',
        message: 'the datagram did not come back through the relay: no answer within 700 ms',
      },
    });
  });
});

describe('the fault with a real coturn', () => {
  test.each([
    ['another secret', credentialsFor({ secret: 'south' }), {}, 'credentials_refused'],
    ['an expired credential', credentialsFor({ expiresInSeconds: -2 }), {}, 'credentials_refused'],
    ['another realm', credentialsFor(), { realm: 'other.test' }, 'wrong_realm'],
  ])('%s', async (_what, credentials, change, fault) => {
    const proof = proveRelay(udpTo(coturn), credentials, { ...longTimeout, ...change });
    await expect(proof).rejects.toMatchObject({ fault });
  });

  test('is wrong_realm, and the message has both realms', async () => {
    const proof = proveRelay(udpTo(coturn), credentialsFor(), { ...longTimeout, realm: 'other.test' });
    await expect(proof).rejects.toThrow(`the server's realm is "turn.test": expected "other.test"`);
  });

  test.each<[fault: string, config: string[], options: object]>([
    ['family_unsupported', [], { relayFamily: 'IPv6' }],
    ['no_capacity', ['min-port=23000', 'max-port=23000'], {}],
    ['quota_reached', ['user-quota=1'], {}],
    ['quota_reached', ['total-quota=1'], {}],
  ])('%s with %j', async (fault, config, options) => {
    await using small = await startCoturn({ secrets: [testSecret], config });
    const rejection = expect.objectContaining({ code: 'refused', fault });
    // Three at once with room for one, or for none.
    const outcomes = await Promise.allSettled(
      Array.from({ length: 3 }, () => proveRelay(udpTo(small), credentialsFor(), { ...longTimeout, ...options })),
    );
    expect(outcomes).toContainEqual({ status: 'rejected', reason: rejection });
  });

  test('is peer_forbidden if its rules deny its own address; the grant is returned', async () => {
    await using strict = await startCoturn({ secrets: [testSecret], config: ['denied-peer-ip=127.0.0.1'] });
    expect(await proveRelay(udpTo(strict), credentialsFor(), longTimeout)).toMatchObject({
      grant: { realm: 'turn.test', relayedAddress: loopback('IPv4') },
      relay: { ok: false, error: { stunErrorCode: 403, fault: 'peer_forbidden' } },
    });
  });

  test.each([
    ['certificate_expired', -10],
    ['certificate_not_yet_valid', 10],
  ])('%s when it begins %i days from now', async (fault, madeAfterDays) => {
    const { certificate, ...files } = await makeCertificate(directory.path, fault, madeAfterDays);
    const tls = { port: await freePort(), ...files };
    await using turn = await startCoturn({ secrets: [testSecret], tls });
    const server = { host: turn.address, port: tls.port, transport: 'tls', caCertificates: certificate } as const;
    await expect(sendBinding({ ...server, serverName: fault }, longTimeout)).rejects.toMatchObject({
      code: 'tls',
      fault,
    });
  });

  test.each([
    ['certificate_wrong_name', { serverName: 'other.test' }],
    ['certificate_untrusted', { caCertificates: undefined }],
  ])('%s with %j', async (fault, change) => {
    const { caCertificates, ...server } = { ...serverOf('tls to 127.0.0.1'), ...change };
    const trusting = caCertificates === undefined ? server : { ...server, caCertificates };
    await expect(sendBinding(trusting, longTimeout)).rejects.toMatchObject({ fault });
  });

  test('is timeout or unreachable', async () => {
    const silent = await startCoturn({ secrets: [testSecret] });
    await pauseProcess(silent);
    await expect(proveRelay(udpTo(silent), credentialsFor(), brief)).rejects.toMatchObject({ fault: 'timeout' });
    silent.signal('SIGCONT');
    await silent.stop();
    await expect(proveRelay(udpTo(silent), credentialsFor(), brief)).rejects.toMatchObject({ fault: 'unreachable' });
  });
});
