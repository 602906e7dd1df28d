import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, startErlangTurn, type TurnServer } from '@turn-router/testing';
import { credentialsFor, testSecret } from '../test-servers/turn-rest-credentials.ts';
import { allocateAndRelease, proveRelay, sendBinding, type StunServer } from './index.ts';

const longTimeout = { timeoutMs: 60_000 };
const onLoopback = { address: '127.0.0.1', port: expect.any(Number), family: 'IPv4' };
const software = 'P1 STUN library';

let turn: TurnServer;
beforeAll(async () => {
  turn = await startErlangTurn({ secrets: [testSecret, 'older'] });
});
afterAll(() => turn?.stop());

describe.each(['udp', 'tcp'] as const)('a server on the library under eturnal, over %s', (transport) => {
  const server = (): StunServer => ({ host: turn.address, port: turn.port, transport });

  test("returns the client's address", async () => {
    expect(await sendBinding(server(), longTimeout)).toEqual({
      mappedAddress: onLoopback,
      software,
      roundTripMs: expect.any(Number),
    });
  });

  test('relays a datagram to itself and back', async () => {
    const { grant, relay } = await proveRelay(server(), credentialsFor(), longTimeout);
    expect(relay).toEqual({ ok: true, roundTripMs: expect.any(Number) });
    expect(grant).toEqual({
      relayedAddress: onLoopback,
      mappedAddress: onLoopback,
      lifetimeSeconds: expect.any(Number),
      realm: 'turn.test',
      software,
      roundTripMs: expect.any(Number),
    });
    expect(grant.relayedAddress.port).toBeGreaterThanOrEqual(turn.relayPorts.min);
    expect(grant.relayedAddress.port).toBeLessThanOrEqual(turn.relayPorts.max);
  });

  test('accepts each of its secrets', async () => {
    const grant = await allocateAndRelease(server(), credentialsFor({ secret: 'older' }), longTimeout);
    expect(grant).toMatchObject({ relayedAddress: onLoopback });
  });

  test.each([
    ['another secret', credentialsFor({ secret: 'south' }), {}, 'credentials_refused'],
    ['an expired credential', credentialsFor({ expiresInSeconds: -2 }), {}, 'credentials_refused'],
    ['another realm', credentialsFor(), { realm: 'other.test' }, 'wrong_realm'],
    ['an IPv6 relay, which the server lacks', credentialsFor(), { relayFamily: 'IPv6' as const }, 'family_unsupported'],
  ])('refuses %s', async (_what, credentials, change, fault) => {
    const allocation = allocateAndRelease(server(), credentials, { ...longTimeout, ...change });
    await expect(allocation).rejects.toMatchObject({ fault });
  });

  // The library allows ten allocations per user.
  test('frees each allocation: a user gets one after another, and the relay ports close', async () => {
    const credentials = credentialsFor({ id: `again-${transport}` });
    const ports: number[] = [];
    for (let count = 0; count < 12; count += 1) {
      ports.push((await allocateAndRelease(server(), credentials, longTimeout)).relayedAddress.port);
    }
    const areClosed = async () => {
      const bound = await readFile('/proc/net/udp', 'utf8');
      return !ports.some((port) => bound.includes(`:${port.toString(16).toUpperCase()} 00000000:0000`));
    };
    expect(await eventually('the relay ports to close', areClosed)).toBe(true);
  });
});
