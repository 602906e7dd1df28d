import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  freePort,
  startCoturn,
  temporaryDirectory,
  type CoturnServer,
  type TemporaryDirectory,
  makeCertificateChain,
  type CertificateChain,
  type LeafOptions,
} from '@turn-router/testing';
import { startLyingServer } from '../test-servers/lying-server.ts';
import { startCoturnOnAllPaths, type CoturnOnAllPaths } from '../test-servers/coturn-on-all-paths.ts';
import { startLossyUdpPath, type Datagram } from '../test-servers/lossy-udp-path.ts';
import { credentialsFor, testSecret } from '../test-servers/turn-rest-credentials.ts';
import { proveRelay, proveRelayFromOutside, type StunServer } from './index.ts';
import { methods } from './message/message-type.ts';

const longTimeout = { timeoutMs: 60_000 };

const udpTo = ({ address, port }: CoturnServer): StunServer => ({ host: address, port, transport: 'udp' });

let directory: TemporaryDirectory;
let chain: CertificateChain;
let coturn: CoturnServer;
let servers: CoturnOnAllPaths['servers'];

beforeAll(async () => {
  directory = await temporaryDirectory('outside');
  chain = await makeCertificateChain(directory.path);
  ({ coturn, servers } = await startCoturnOnAllPaths(directory.path));
});

afterAll(async () => {
  await coturn?.stop();
  await directory?.[Symbol.asyncDispose]();
});

describe.each(
  ['udp', 'tcp', 'tls'].flatMap((transport) => ['127.0.0.1', '::1'].map((host) => `${transport} to ${host}`)),
)('a real coturn, %s', (name) => {
  test('relays between the client and a peer, in both directions', async () => {
    const server = servers[name];
    if (server === undefined) throw new Error(`no server ${name}`);
    const relayFamily = server.host === '::1' ? 'IPv6' : 'IPv4';
    const options = { ...longTimeout, relayFamily, udpPort: coturn.port } as const;
    expect(await proveRelayFromOutside(server, credentialsFor(), options)).toMatchObject({
      binding: { mappedAddress: { address: server.host }, roundTripMs: expect.any(Number) },
      grant: { realm: 'turn.test', relayedAddress: { address: server.host, family: relayFamily } },
      relay: { ok: true },
    });
  });
});

describe('what the proof of a server on its own machine does not see', () => {
  test('a wrong external-ip is wrong_relay_address', async () => {
    await using turn = await startCoturn({ secrets: [testSecret], config: ['external-ip=127.0.0.9/127.0.0.1'] });
    expect(await proveRelay(udpTo(turn), credentialsFor(), { timeoutMs: 5_000 })).toMatchObject({
      relay: { ok: true },
    });
    expect(await proveRelayFromOutside(udpTo(turn), credentialsFor(), longTimeout)).toMatchObject({
      grant: { relayedAddress: { address: '127.0.0.9' } },
      relay: {
        ok: false,
        error: {
          fault: 'wrong_relay_address',
          message: 'the server relays from another address than the relayed address',
        },
      },
    });
  });

  test('a server that sends the datagram back without relaying is not_relayed', async () => {
    await using turn = await startLyingServer(credentialsFor(), 'echo');
    expect(await proveRelay(turn.server, turn.credentials, longTimeout)).toMatchObject({ relay: { ok: true } });
    const proof = await proveRelayFromOutside(turn.server, turn.credentials, { timeoutMs: 900 });
    expect(proof).toMatchObject({
      relay: {
        ok: false,
        error: {
          fault: 'not_relayed',
          message:
            'the datagram of the peer did not come through the relayed address to the client: no answer within 900 ms',
        },
      },
    });
  });

  test('a server that hides the address of the peer is not_relayed', async () => {
    await using turn = await startLyingServer(credentialsFor(), 'no_peer');
    const proof = await proveRelayFromOutside(turn.server, turn.credentials, { timeoutMs: 900 });
    expect(proof).toMatchObject({
      relay: {
        error: {
          fault: 'not_relayed',
          message:
            'the datagram of the client did not reach the peer from the relayed address: no answer within 900 ms',
        },
      },
    });
  });

  test('a relayed address that the rules of the prober forbid gets no datagram', async () => {
    const asked: string[] = [];
    const isRelayPermitted = ({ address }: { address: string }) => asked.push(address) < 0;
    expect(
      await proveRelayFromOutside(udpTo(coturn), credentialsFor(), { ...longTimeout, isRelayPermitted }),
    ).toMatchObject({ relay: { ok: false, error: { fault: 'wrong_relay_address' } } });
    expect(asked).toEqual(['127.0.0.1']);
  });
});

/** Matches the first datagram of its kind. */
const lost = (toServer: boolean, method: number, messageClass: string): Datagram => ({
  toServer,
  method,
  messageClass,
  count: 1,
});

describe('a server that relays', () => {
  test.each(['no-stun', 'secure-stun'])('but answers no Binding, with %s', async (line) => {
    await using turn = await startCoturn({ secrets: [testSecret], config: [line] });
    const proof = await proveRelayFromOutside(udpTo(turn), credentialsFor(), { timeoutMs: 6_000 });
    expect(proof).toMatchObject({ binding: undefined, relay: { ok: true } });
  });

  test('but not to the prober is peer_forbidden; the grant is returned', async () => {
    await using turn = await startCoturn({ secrets: [testSecret], config: ['denied-peer-ip=127.0.0.1'] });
    expect(await proveRelayFromOutside(udpTo(turn), credentialsFor(), longTimeout)).toMatchObject({
      grant: { realm: 'turn.test' },
      relay: { ok: false, error: { stunErrorCode: 403, fault: 'peer_forbidden' } },
    });
  });

  test('but only over the other family is family_unsupported', async () => {
    await using turn = await startCoturn({ secrets: [testSecret], config: ['listening-ip=::1'] });
    const server = { ...udpTo(turn), host: '::1' };
    expect(await proveRelayFromOutside(server, credentialsFor(), longTimeout)).toMatchObject({
      grant: { relayedAddress: { family: 'IPv4' }, mappedAddress: { family: 'IPv6' } },
      relay: { ok: false, error: { fault: 'family_unsupported' } },
    });
  });

  test.each<[what: string, lost: Datagram]>([
    ['the Binding request', lost(true, methods.binding, 'request')],
    ['the grant', lost(false, methods.allocate, 'success')],
    ['the permission', lost(false, methods.createPermission, 'success')],
    ['the datagram of the client', lost(true, methods.send, 'indication')],
    ['the datagram of the peer', lost(false, methods.data, 'indication')],
  ])('is proven without %s', async (_what, first) => {
    const isLost = (datagram: Datagram) => JSON.stringify(datagram) === JSON.stringify(first);
    await using path = await startLossyUdpPath(udpTo(coturn), isLost);
    const options = { ...longTimeout, udpPort: coturn.port };
    expect(await proveRelayFromOutside(path.server, credentialsFor(), options)).toMatchObject({ relay: { ok: true } });
    expect(path.lost).toBe(1);
  });
});

async function proofOf(leaf: LeafOptions, served: 'full' | 'leafOnly') {
  const signed = await chain.sign(leaf);
  const tls = { port: await freePort(), certificateFile: signed[served], privateKeyFile: signed.privateKeyFile };
  await using turn = await startCoturn({ secrets: [testSecret], tls });
  const server = { host: turn.address, port: tls.port, transport: 'tls', serverName: 'turn.test' } as const;
  return await proveRelayFromOutside({ ...server, caCertificates: chain.root }, credentialsFor(), longTimeout);
}

describe('a certificate', () => {
  test('is accepted with its intermediate certificate', async () => {
    expect(await proofOf({ name: 'turn.test' }, 'full')).toMatchObject({ relay: { ok: true } });
  });

  test.each<[what: string, fault: string, leaf: LeafOptions, served: 'full' | 'leafOnly']>([
    ['without its intermediate certificate', 'certificate_untrusted', { name: 'turn.test' }, 'leafOnly'],
    ['that has expired', 'certificate_expired', { name: 'turn.test', madeAfterDays: -10 }, 'full'],
    ['of another name', 'certificate_wrong_name', { name: 'other.test' }, 'full'],
    [
      'with another alternative name',
      'certificate_wrong_name',
      { name: 'turn.test', alternativeName: 'DNS:other.test' },
      'full',
    ],
    [
      'with the name only as its common name',
      'certificate_wrong_name',
      { name: 'turn.test', alternativeName: '' },
      'full',
    ],
  ])('%s is %s', async (_what, fault, leaf, served) => {
    await expect(proofOf(leaf, served)).rejects.toMatchObject({ code: 'tls', fault });
  });
});
