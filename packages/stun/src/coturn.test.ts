import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  eventually,
  freePort,
  makeCertificate,
  startCoturn,
  temporaryDirectory,
  type CoturnServer,
  type TemporaryDirectory,
} from '@turn-router/testing';
import { credentialsFor, testSecret } from '../test-servers/turn-rest-credentials.ts';
import { allocateAndRelease, askPermission, sendBinding, type StunServer } from './index.ts';

const longTimeout = { timeoutMs: 60_000 };

let directory: TemporaryDirectory;
let coturn: CoturnServer;
let servers: Record<StunServer['transport'], StunServer>;
let otherCertificate: string;

beforeAll(async () => {
  directory = await temporaryDirectory('stun');
  const [ours, other] = await Promise.all(
    ['turn.test', 'other.test'].map((name) => makeCertificate(directory.path, name)),
  );
  if (ours === undefined || other === undefined) throw new Error('no certificates');
  otherCertificate = other.certificate;
  const tlsPort = await freePort();
  coturn = await startCoturn({ secrets: [testSecret], tls: { port: tlsPort, ...ours }, config: ['user-quota=1'] });
  const { address: host, port } = coturn;
  servers = {
    udp: { host, port, transport: 'udp' },
    tcp: { host, port, transport: 'tcp' },
    tls: { host, port: tlsPort, transport: 'tls', serverName: 'turn.test', caCertificates: ours.certificate },
  };
});

afterAll(async () => {
  await coturn?.stop();
  await directory?.[Symbol.asyncDispose]();
});

const certificateOf = { udp: {}, tcp: {}, tls: { certificateExpiresAtMs: expect.any(Number) } };

describe.each(['udp', 'tcp', 'tls'] as const)('a real coturn over %s', (transport) => {
  test("returns the client's address", async () => {
    expect(await sendBinding(servers[transport], longTimeout)).toEqual({
      mappedAddress: { address: '127.0.0.1', port: expect.any(Number), family: 'IPv4' },
      software: expect.stringMatching(/^Coturn-/),
      roundTripMs: expect.any(Number),
    });
  });

  test('allocates for valid credentials', async () => {
    expect(
      await allocateAndRelease(servers[transport], credentialsFor({ id: `valid-${transport}` }), longTimeout),
    ).toEqual({
      relayedAddress: { address: '127.0.0.1', port: expect.any(Number), family: 'IPv4' },
      mappedAddress: { address: '127.0.0.1', port: expect.any(Number), family: 'IPv4' },
      lifetimeSeconds: 600,
      realm: 'turn.test',
      software: expect.stringMatching(/^Coturn-/),
      roundTripMs: expect.any(Number),
      ...certificateOf[transport],
    });
  });

  // coturn confirms the Refresh at once, but over UDP sweeps the allocation within the next second.
  test('frees the allocation, so that a user with a quota of one gets another allocation', async () => {
    const credentials = credentialsFor({ id: `quota-${transport}` });
    const probe = () => allocateAndRelease(servers[transport], credentials, longTimeout);
    await probe();
    expect(await eventually('the quota to be free again', probe)).toMatchObject({ lifetimeSeconds: 600 });
  });

  test('frees the allocation and closes its relay port', async () => {
    const { relayedAddress } = await allocateAndRelease(
      servers[transport],
      credentialsFor({ id: `port-${transport}` }),
      longTimeout,
    );
    const bound = `: 0100007F:${relayedAddress.port.toString(16).toUpperCase()}`;
    const isClosed = async () => !(await readFile('/proc/net/udp', 'utf8')).includes(bound);
    expect(await eventually('the relay port to close', isClosed)).toBe(true);
  });

  // Two seconds: coturn's clock, time(2), lags behind Date.now by up to a tick, and for that long is a second behind.
  test.each([
    ['credentials of another secret', { secret: 'south' }],
    ['credentials that expired two seconds ago', { expiresInSeconds: -2 }],
  ])('refuses %s with 401', async (_case, change) => {
    await expect(allocateAndRelease(servers[transport], credentialsFor(change), longTimeout)).rejects.toMatchObject({
      name: 'StunError',
      code: 'refused',
      stunErrorCode: 401,
      // coturn's own phrase before 4.18, the phrase of RFC 8489 since.
      message: expect.stringMatching(/^the server refused allocate: 401 Unauth/),
    });
  });
});

describe('a real coturn over tls', () => {
  test.each([
    ['another name', { serverName: 'other.test' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['an address in place of its name', { serverName: '127.0.0.1' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('is not trusted under %s', async (_case, change, fault) => {
    await expect(sendBinding({ ...servers.tls, ...change }, longTimeout)).rejects.toMatchObject({
      code: 'tls',
      message: `TLS with the server failed: ${fault}`,
    });
  });

  test('is refused if no trusted authority signed its certificate', async () => {
    const server = { ...servers.tls, caCertificates: otherCertificate };
    await expect(sendBinding(server, longTimeout)).rejects.toMatchObject({
      code: 'tls',
      message: 'TLS with the server failed: DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  });
});

describe('a coturn on ::1', () => {
  test('returns IPv6 addresses over UDP and TCP', async () => {
    await using ipv6 = await startCoturn({
      secrets: [testSecret],
      address: '::1',
      config: ['allocation-default-address-family=keep'],
    });
    for (const transport of ['udp', 'tcp'] as const) {
      const server = { host: '::1', port: ipv6.port, transport };
      const address = { address: '::1', port: expect.any(Number), family: 'IPv6' };
      expect(await sendBinding(server, longTimeout)).toMatchObject({ mappedAddress: address });
      expect(await allocateAndRelease(server, credentialsFor(), longTimeout)).toMatchObject({
        mappedAddress: address,
        relayedAddress: address,
      });
    }
  });
});

const peer = (address: string) => ({ address, port: 9, family: isIPv6(address) ? 'IPv6' : 'IPv4' }) as const;

describe('a permission of a real coturn', () => {
  test('is granted for an allowed peer of either family, and refused for a denied peer', async () => {
    await using turn = await startCoturn({
      secrets: [testSecret],
      config: ['relay-ip=::1', 'denied-peer-ip=198.51.100.0-198.51.100.255', 'denied-peer-ip=2001:db8::1'],
    });
    const server = { host: turn.address, port: turn.port, transport: 'udp' } as const;
    const ask = (address: string) => askPermission(server, credentialsFor(), peer(address), longTimeout);
    const refused = { code: 'refused', stunErrorCode: 403, fault: 'peer_forbidden' };
    await expect(ask('198.51.99.255')).resolves.toBeUndefined();
    await expect(ask('198.51.100.0')).rejects.toMatchObject(refused);
    await expect(ask('2001:db8::2')).resolves.toBeUndefined();
    await expect(ask('2001:db8::1')).rejects.toMatchObject(refused);
  });
});
