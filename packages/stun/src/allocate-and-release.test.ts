import { describe, expect, test } from '@jest/globals';
import { eventually } from '@turn-router/testing';
import { startTcp, startUdp, type Reply } from '../test-servers/scripted-server.ts';
import { useStallingClock } from '../test-servers/stalling-clock.ts';
import { allocateAndRelease, StunError } from './index.ts';
import { attributeTypes } from './message/attribute-type.ts';
import type { ReceivedMessage } from './message/decode-message.ts';
import { encodeMessage } from './message/encode-message.ts';
import { encodeErrorCode } from './message/error-code.ts';
import { isIntegrityValid } from './message/message-integrity.ts';
import { methods } from './message/message-type.ts';
import { findAttribute, type StunAttribute } from './message/stun-message.ts';
import { encodeXorAddress } from './message/xor-address.ts';
import { longTermKey } from './turn/long-term-credentials.ts';

const brief = { timeoutMs: 300 };
const longTimeout = { timeoutMs: 60_000 };
const ourCredentials = { username: '1795251534:probe', credential: 'open sesame' };
const signingKey = longTermKey(ourCredentials, 'turn.test');
const clientAddress = { address: '192.0.2.1', port: 1024, family: 'IPv4' } as const;
const relayAddress = { address: '2001:db8::50', port: 49_152, family: 'IPv6' } as const;
const expectedGrant = {
  relayedAddress: relayAddress,
  mappedAddress: clientAddress,
  lifetimeSeconds: 600,
  realm: 'turn.test',
};

const text = (type: number, value: string): StunAttribute => ({ type, value: Buffer.from(value) });

function refuse(request: ReceivedMessage, code: number, reason: string, attributes: StunAttribute[] = []): Uint8Array {
  const errorCode = { type: attributeTypes.errorCode, value: encodeErrorCode({ code, reason }) };
  return encodeMessage({ ...request, messageClass: 'error', attributes: [errorCode, ...attributes] });
}

const challenge = (request: ReceivedMessage, code: 401 | 438 = 401, nonce = 'nonce-1') =>
  refuse(request, code, code === 401 ? 'Unauthorized' : 'Stale Nonce', [
    text(attributeTypes.realm, 'turn.test'),
    text(attributeTypes.nonce, nonce),
  ]);

function grant({ method, transactionId }: ReceivedMessage, key?: Uint8Array): Uint8Array {
  const attributes = [
    { type: attributeTypes.xorRelayedAddress, value: encodeXorAddress(relayAddress, transactionId) },
    { type: attributeTypes.xorMappedAddress, value: encodeXorAddress(clientAddress, transactionId) },
    { type: attributeTypes.lifetime, value: Uint8Array.of(0, 0, 2, 88) },
  ];
  return encodeMessage({ messageClass: 'success', method, transactionId, attributes }, key);
}

/** One line for each request: its method and its nonce. */
const seen = (requests: readonly ReceivedMessage[]) =>
  requests.map((request) => {
    const method = request.method === methods.allocate ? 'allocate' : 'refresh';
    const lifetime = findAttribute(request, attributeTypes.lifetime);
    const nonce = findAttribute(request, attributeTypes.nonce);
    const isSignedWell = request.signature !== undefined && isIntegrityValid(request.signature, signingKey);
    return [
      method,
      ...(lifetime === undefined ? [] : [Buffer.from(lifetime).readUInt32BE()]),
      ...(isSignedWell ? [`signed for ${nonce === undefined ? 'nothing' : Buffer.from(nonce).toString()}`] : []),
    ].join(' ');
  });

const isSigned = (request: ReceivedMessage) => request.signature !== undefined;

useStallingClock();

const startBy = { udp: startUdp, tcp: startTcp };

describe.each(['udp', 'tcp'] as const)('allocateAndRelease over %s', (transport) => {
  const start = startBy[transport];
  /** A correct server except for its responses to signed requests. */
  const startChallenging = (reply: Reply) =>
    start((request, count) => (isSigned(request) ? reply(request, count) : [challenge(request)]));

  test('answers the challenge, returns the grant, and releases it with lifetime 0', async () => {
    await using turn = await startChallenging((request) => [grant(request, signingKey)]);
    expect(await allocateAndRelease(turn.server, ourCredentials, longTimeout)).toEqual({
      ...expectedGrant,
      roundTripMs: expect.any(Number),
    });
    expect(seen(turn.requests)).toEqual(['allocate', 'allocate signed for nonce-1', 'refresh 0 signed for nonce-1']);
    const [, signed] = turn.requests;
    expect(signed?.attributes.map(({ type, value }) => [type, Buffer.from(value).toString('latin1')])).toEqual([
      [attributeTypes.requestedTransport, '\u0011\0\0\0'],
      [attributeTypes.username, '1795251534:probe'],
      [attributeTypes.realm, 'turn.test'],
      [attributeTypes.nonce, 'nonce-1'],
    ]);
  });

  test('measures the round trip of only the signed Allocate', async () => {
    await using turn = await startChallenging((request) => [grant(request, signingKey)]);
    const clock = [10, 20, 1_000, 1_007, 9_000, 9_999];
    const { roundTripMs } = await allocateAndRelease(turn.server, ourCredentials, {
      ...longTimeout,
      now: () => clock.shift() ?? 0,
    });
    expect(roundTripMs).toBe(7);
  });

  test('renews a stale nonce, for the Allocate and again for the Refresh', async () => {
    const stale: Record<number, string> = { 2: 'nonce-2', 4: 'nonce-3' };
    await using turn = await startChallenging((request, count) => {
      const nonce = stale[count];
      return [nonce === undefined ? grant(request, signingKey) : challenge(request, 438, nonce)];
    });
    expect(await allocateAndRelease(turn.server, ourCredentials, longTimeout)).toMatchObject(expectedGrant);
    expect(seen(turn.requests)).toEqual([
      'allocate',
      'allocate signed for nonce-1',
      'allocate signed for nonce-2',
      'refresh 0 signed for nonce-2',
      'refresh 0 signed for nonce-3',
    ]);
  });

  test.each([
    [401, 'Unauthorized', ['allocate', 'allocate signed for nonce-1']],
    [438, 'Stale Nonce', ['allocate', 'allocate signed for nonce-1', 'allocate signed for nonce-1']],
  ] as const)('gives up when %i comes once more, with nothing to hand back', async (code, reason, requests) => {
    await using turn = await startChallenging((request) => [challenge(request, code)]);
    await expect(allocateAndRelease(turn.server, ourCredentials, longTimeout)).rejects.toMatchObject({
      code: 'refused',
      stunErrorCode: code,
      message: `the server refused allocate: ${code} ${reason}`,
    });
    expect(seen(turn.requests)).toEqual(requests);
  });

  test.each([
    [403, 'Forbidden', 'draining'],
    [437, 'Allocation Mismatch', 'allocation_mismatch'],
    [440, 'Address Family not Supported', 'family_unsupported'],
    [441, 'Wrong Credentials', 'wrong_credentials'],
    [442, 'Unsupported Transport Protocol', 'refused'],
    [486, 'Allocation Quota Reached', 'quota_reached'],
    [508, 'Insufficient Capacity', 'no_capacity'],
  ])('is refused with %i', async (code, reason, fault) => {
    await using turn = await startChallenging((request) => [refuse(request, code, reason)]);
    await expect(allocateAndRelease(turn.server, ourCredentials, longTimeout)).rejects.toMatchObject({
      code: 'refused',
      stunErrorCode: code,
      reason,
      fault,
    });
  });

  test.each([
    [1, 'granted', 2],
    [2, 'granted', 3],
    [3, 'allocation_mismatch', 3],
  ])('retries from another address after 437: %i times, then %s', async (mismatches, outcome, addresses) => {
    let signed = 0;
    await using turn = await startChallenging((request) => {
      signed += 1;
      return [signed <= mismatches ? refuse(request, 437, 'Allocation Mismatch') : grant(request, signingKey)];
    });
    const found = await allocateAndRelease(turn.server, ourCredentials, longTimeout).then(
      () => 'granted',
      (error: unknown) => (error instanceof StunError ? error.fault : error),
    );
    expect(found).toBe(outcome);
    const allocates = turn.requests.filter(({ method }) => method === methods.allocate);
    // One unsigned and one signed request each.
    expect(allocates).toHaveLength(2 * addresses);
  });

  test('succeeds although the server refuses the release', async () => {
    await using turn = await startChallenging((request) => [
      request.method === methods.refresh ? refuse(request, 437, 'Allocation Mismatch') : grant(request, signingKey),
    ]);
    expect(await allocateAndRelease(turn.server, ourCredentials, longTimeout)).toMatchObject(expectedGrant);
  });

  test('succeeds after the whole timeout although nothing confirms the release', async () => {
    await using turn = await startChallenging((request) =>
      request.method === methods.refresh ? [] : [grant(request, signingKey)],
    );
    expect(await allocateAndRelease(turn.server, ourCredentials, brief)).toMatchObject(expectedGrant);
  });

  test('sends a release for the possible allocation of a silent server', async () => {
    await using turn = await startChallenging(() => []);
    await expect(allocateAndRelease(turn.server, ourCredentials, brief)).rejects.toMatchObject({ code: 'timeout' });
    await eventually('the Refresh to arrive', () => turn.requests.length === 3);
    expect(seen(turn.requests)).toEqual(['allocate', 'allocate signed for nonce-1', 'refresh 0 signed for nonce-1']);
  });

  test.each([
    [
      'is signed with another key',
      (r: ReceivedMessage) => grant(r, Buffer.from('another')),
      "the response's MESSAGE-INTEGRITY is wrong",
    ],
    ['is not signed', (r: ReceivedMessage) => grant(r), 'the response has no MESSAGE-INTEGRITY'],
  ])('rejects a success that %s', async (_case, forged, message) => {
    await using turn = await startChallenging((request) => [forged(request)]);
    await expect(allocateAndRelease(turn.server, ourCredentials, brief)).rejects.toMatchObject({
      code: 'malformed',
      message,
    });
  });

  test('rejects an allocation that needs no credentials, and releases it', async () => {
    await using turn = await start((request) => [grant(request)]);
    await expect(allocateAndRelease(turn.server, ourCredentials, longTimeout)).rejects.toMatchObject({
      code: 'malformed',
      message: 'the server accepted the request without credentials, so the credentials could not be tested',
    });
    await eventually('the Refresh to arrive', () => turn.requests.length === 2);
    expect(seen(turn.requests)).toEqual(['allocate', 'refresh 0']);
  });

  test.each([
    ['a nonce', [text(attributeTypes.realm, 'turn.test')], 'NONCE is missing'],
    ['a realm', [text(attributeTypes.nonce, 'nonce-1')], 'REALM is missing'],
    [
      'bounds',
      [text(attributeTypes.realm, 'turn.test'), text(attributeTypes.nonce, 'n'.repeat(764))],
      'REALM or NONCE is longer than 763 bytes',
    ],
    [
      'a readable realm',
      [{ type: attributeTypes.realm, value: Uint8Array.of(0xff) }, text(attributeTypes.nonce, 'nonce-1')],
      'REALM is not UTF-8',
    ],
  ])('cannot answer a challenge without %s', async (_case, attributes, fault) => {
    await using turn = await start((request) => [refuse(request, 401, 'Unauthorized', attributes)]);
    await expect(allocateAndRelease(turn.server, ourCredentials, longTimeout)).rejects.toMatchObject({
      code: 'malformed',
      message: `not a valid STUN message: ${fault}`,
    });
  });
});

test('drops a forged success over udp and accepts the real one after it', async () => {
  await using turn = await startUdp((request) =>
    request.signature === undefined ? [challenge(request)] : [grant(request), grant(request, signingKey)],
  );
  expect(await allocateAndRelease(turn.server, ourCredentials, longTimeout)).toMatchObject(expectedGrant);
});

test.each([
  ['', 0],
  ['ü'.repeat(255), 510],
])('refuses the username "%s" without quoting it', async (username, length) => {
  const server = { host: '127.0.0.1', port: 3478, transport: 'udp' } as const;
  await expect(allocateAndRelease(server, { username, credential: 'open sesame' }, longTimeout)).rejects.toThrow(
    new RangeError(`credentials.username has ${length} bytes; expected 1 to 508`),
  );
});
