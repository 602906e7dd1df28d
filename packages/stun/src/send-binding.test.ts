import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, jest, test } from '@jest/globals';
import { startDeadline } from '@turn-router/deadline';
import { boundMs, freePort } from '@turn-router/testing';
import {
  openSocketCount,
  untilSocketsAreClosed,
  startStream,
  startTcp,
  startUdp,
} from '../test-servers/scripted-server.ts';
import { useStallingClock } from '../test-servers/stalling-clock.ts';
import { sendBinding, type StunServer } from './index.ts';
import { attributeTypes } from './message/attribute-type.ts';
import { decodeMessage } from './message/decode-message.ts';
import { encodeMessage } from './message/encode-message.ts';
import { encodeErrorCode } from './message/error-code.ts';
import type { StunAttribute, StunMessage } from './message/stun-message.ts';
import { encodeXorAddress } from './message/xor-address.ts';

const brief = { timeoutMs: 200 };
const longTimeout = { timeoutMs: 60_000 };
const clientAddress = { address: '192.0.2.1', port: 1024, family: 'IPv4' } as const;
const rubbish = Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n');

const success = ({ method, transactionId }: StunMessage, extra: StunAttribute[] = []) =>
  encodeMessage({
    messageClass: 'success',
    method,
    transactionId,
    attributes: [
      { type: attributeTypes.xorMappedAddress, value: encodeXorAddress(clientAddress, transactionId) },
      ...extra,
    ],
  });

const successToAnother = (request: StunMessage) => success({ ...request, transactionId: Buffer.alloc(12) });

useStallingClock();

const startBy = { udp: startUdp, tcp: startTcp };

describe.each(['udp', 'tcp'] as const)('sendBinding over %s', (transport) => {
  const start = startBy[transport];

  test('returns the address that the server saw, its software, and the time by the given clock', async () => {
    const software = { type: attributeTypes.software, value: Buffer.from('Coturn-4.17.1') };
    await using stun = await start((request) => [success(request, [software])]);
    let clockMs = 1_000;
    const now = () => (clockMs += 7);
    expect(await sendBinding(stun.server, { ...longTimeout, now })).toEqual({
      mappedAddress: clientAddress,
      software: 'Coturn-4.17.1',
      roundTripMs: 7,
    });
    expect(jest.getTimerCount()).toBe(0);
  });

  test('omits software if the server sends no SOFTWARE', async () => {
    await using stun = await start((request) => [success(request)]);
    expect(await sendBinding(stun.server, longTimeout)).toEqual({
      mappedAddress: clientAddress,
      roundTripMs: expect.any(Number),
    });
  });

  test('takes its transaction id from the given random source', async () => {
    await using stun = await start((request) => [success(request)]);
    await sendBinding(stun.server, { ...longTimeout, randomBytes: (length) => Buffer.alloc(length, 0xab) });
    expect(stun.requests.map(({ transactionId }) => transactionId)).toEqual([Buffer.alloc(12, 0xab)]);
  });

  test('fails with unreachable when nothing listens', async () => {
    const server = { host: '127.0.0.1', port: await freePort(), transport };
    const socketsBefore = openSocketCount();
    await expect(sendBinding(server, longTimeout)).rejects.toMatchObject({
      name: 'StunError',
      code: 'unreachable',
      message: 'the server is unreachable: ECONNREFUSED',
    });
    await untilSocketsAreClosed(socketsBefore);
  });

  test('ends within its timeout when the server stays silent', async () => {
    await using stun = await start(() => []);
    const startedAtMs = performance.now();
    await expect(sendBinding(stun.server, brief)).rejects.toMatchObject({
      code: 'timeout',
      message: 'no answer within 200 ms',
    });
    expect(performance.now() - startedAtMs).toBeLessThan(boundMs(brief.timeoutMs + 50));
    expect(jest.getTimerCount()).toBe(0);
  });

  test.each([
    ['before it starts', () => AbortSignal.abort()],
    ['while it waits', () => startDeadline({ timeoutMs: 50 }).signal],
  ])('ends when the caller aborts %s', async (_case, signal) => {
    await using stun = await start(() => []);
    await expect(sendBinding(stun.server, { ...longTimeout, signal: signal() })).rejects.toMatchObject({
      code: 'aborted',
      message: 'aborted by the caller',
    });
  });

  test('ignores a response to another transaction', async () => {
    await using stun = await start((request) => [successToAnother(request)]);
    await expect(sendBinding(stun.server, brief)).rejects.toMatchObject({ code: 'timeout' });
    await using late = await start((request) => [successToAnother(request), success(request)]);
    expect(await sendBinding(late.server, longTimeout)).toMatchObject({ mappedAddress: clientAddress });
  });

  test('ignores messages that are not responses to a Binding, such as its own request', async () => {
    await using stun = await start((request) => [encodeMessage(request), success({ ...request, method: 3 })]);
    await expect(sendBinding(stun.server, brief)).rejects.toMatchObject({ code: 'timeout' });
  });

  test('rejects a response without the address', async () => {
    await using stun = await start((request) => [
      encodeMessage({ ...request, messageClass: 'success', attributes: [] }),
    ]);
    await expect(sendBinding(stun.server, longTimeout)).rejects.toMatchObject({
      code: 'malformed',
      message: 'not a valid STUN message: XOR-MAPPED-ADDRESS is missing',
    });
  });

  test('rejects a response with an unknown required attribute', async () => {
    await using stun = await start((request) => [success(request, [{ type: 0x0777, value: Buffer.alloc(1) }])]);
    await expect(sendBinding(stun.server, longTimeout)).rejects.toMatchObject({
      code: 'malformed',
      message: 'the response has the unknown attribute 0x0777, which the client must understand',
    });
  });

  test.each([
    [{ code: 420, reason: 'Unknown Attribute' }, 'the server refused binding: 420 Unknown Attribute'],
    [{ code: 500, reason: '' }, 'the server refused binding: 500 Server Error'],
    [{ code: 699, reason: '' }, 'the server refused binding: 699'],
  ])('is refused with %j', async (errorCode, message) => {
    const attributes = [{ type: attributeTypes.errorCode, value: encodeErrorCode(errorCode) }];
    await using stun = await start((request) => [encodeMessage({ ...request, messageClass: 'error', attributes })]);
    await expect(sendBinding(stun.server, longTimeout)).rejects.toMatchObject({
      code: 'refused',
      stunErrorCode: errorCode.code,
      reason: errorCode.reason,
      message,
    });
  });
});

describe('sendBinding over udp', () => {
  test('repeats the same request when the first was lost', async () => {
    await using stun = await startUdp((request, count) => (count === 1 ? [] : [success(request)]));
    const { roundTripMs } = await sendBinding(stun.server, longTimeout);
    expect(roundTripMs).toBeGreaterThanOrEqual(500);
    expect(stun.requests).toHaveLength(2);
    expect(stun.requests[1]).toEqual(stun.requests[0]);
  });

  test('drops invalid datagrams and accepts the response after them', async () => {
    await using stun = await startUdp((request) => [rubbish, Buffer.alloc(0), success(request)]);
    expect(await sendBinding(stun.server, longTimeout)).toMatchObject({ mappedAddress: clientAddress });
  });

  test('fails with malformed if only invalid datagrams came', async () => {
    await using stun = await startUdp(() => [rubbish]);
    await expect(sendBinding(stun.server, brief)).rejects.toMatchObject({
      code: 'malformed',
      message: 'not a valid STUN message: the first two bits are not zero',
    });
  });

  test('ignores datagrams of another socket, even with the right transaction id', async () => {
    const stranger = createSocket('udp4');
    const asked = createSocket('udp4').on('message', (packet, { port }) => {
      stranger.send(success(decodeMessage(packet)), port, '127.0.0.1');
    });
    asked.bind(0, '127.0.0.1');
    await once(asked, 'listening');
    const server: StunServer = { host: '127.0.0.1', port: asked.address().port, transport: 'udp' };
    await expect(sendBinding(server, brief)).rejects.toMatchObject({ code: 'timeout' });
    asked.close();
    stranger.close();
  });
});

describe('sendBinding over tcp', () => {
  test('assembles a response that arrives byte by byte', async () => {
    await using stun = await startTcp((request) => [...success(request)].map((byte) => Uint8Array.of(byte)));
    expect(await sendBinding(stun.server, longTimeout)).toMatchObject({ mappedAddress: clientAddress });
  });

  test('fails at once if the server sends invalid bytes', async () => {
    await using stun = await startTcp(() => [rubbish]);
    await expect(sendBinding(stun.server, longTimeout)).rejects.toMatchObject({
      code: 'malformed',
      message: 'not a valid STUN message: the first two bits are not zero',
    });
  });

  test('fails with unreachable when the server closes without a response', async () => {
    await using stun = await startStream('tcp', (socket) => socket.once('data', () => socket.end()));
    await expect(sendBinding(stun.server, longTimeout)).rejects.toMatchObject({
      code: 'unreachable',
      message: 'the server closed the connection',
    });
  });
});

describe('sendBinding over tls', () => {
  test('ends within its timeout when the handshake is never answered', async () => {
    await using stun = await startStream('tls', () => {});
    await expect(sendBinding(stun.server, brief)).rejects.toMatchObject({ code: 'timeout' });
  });

  test.each([
    ['does not speak TLS', (socket: Socket) => socket.write(rubbish), 'ERR_SSL_WRONG_VERSION_NUMBER'],
    ['closes the connection', (socket: Socket) => socket.end(), 'ECONNRESET'],
  ])('blames TLS when a server accepts and then %s', async (_case, onConnection, fault) => {
    await using stun = await startStream('tls', onConnection);
    await expect(sendBinding(stun.server, longTimeout)).rejects.toMatchObject({
      code: 'tls',
      message: `TLS with the server failed: ${fault}`,
    });
  });
});

describe('invalid arguments', () => {
  const server: StunServer = { host: '127.0.0.1', port: 3478, transport: 'udp' };
  test.each([
    [{ ...server, host: '' }, longTimeout, 'server.host is empty; expected an IP address or a host name'],
    [{ ...server, port: 0 }, longTimeout, 'server.port is 0; expected an integer from 1 to 65535'],
    [{ ...server, port: 1.5 }, longTimeout, 'server.port is 1.5; expected an integer from 1 to 65535'],
    [server, { timeoutMs: 0 }, 'timeoutMs is 0; expected milliseconds from 1 to 2147483647'],
    [server, { timeoutMs: Number.NaN }, 'timeoutMs is NaN; expected milliseconds from 1 to 2147483647'],
    [server, { timeoutMs: 2 ** 31 }, 'timeoutMs is 2147483648; expected milliseconds from 1 to 2147483647'],
  ])('%j with %j gives a precise error', async (wrongServer, options, message) => {
    await expect(sendBinding(wrongServer, options)).rejects.toThrow(new RangeError(message));
  });
});
