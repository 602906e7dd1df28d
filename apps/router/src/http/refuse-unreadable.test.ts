import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { problemSchema } from '@turn-router/contract/http';
import { createBareApp } from './create-bare-app.ts';
import { listen, adminStopTimeouts, type Listener } from './listen.ts';
import { createRefuseUnreadable } from './refuse-unreadable.ts';
import { headersMaxBytes } from './whole-head.ts';

const counted: string[] = [];
const warned: unknown[] = [];
let listener: Listener;
beforeAll(async () => {
  const app = createBareApp();
  app.get('/', (_req, res) => void res.send('hello'));
  // Begins a response, and continues when the body has arrived.
  app.post('/', (req, res) => {
    res.write('begun');
    req.resume().once('end', () => res.end());
  });
  const refuse = createRefuseUnreadable({
    metrics: { countProblem: (code) => void counted.push(code) },
    logger: { warn: (fields: unknown) => void warned.push(fields) },
    newRequestId: () => 'id-1',
  });
  listener = await listen(app, { host: '127.0.0.1', port: 0 }, adminStopTimeouts, refuse);
});
afterAll(async () => listener[Symbol.asyncDispose]());

/** Returns everything received on a connection until it is closed. */
async function answerTo(sent: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: listener.port });
  await once(socket, 'connect');
  socket.write(sent);
  return text(socket);
}

const ofLength = (bytes: number) => {
  const before = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: ';
  return `${before}${'x'.repeat(bytes - before.length - 4)}\r\n\r\n`;
};

test.each([
  [
    'bytes that are not HTTP',
    '\u0016\u0003\u0001\r\n\r\n',
    400,
    'invalid_request',
    'The bytes are not an HTTP/1.1 request',
  ],
  [
    'two lengths',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    400,
    'invalid_request',
    'The bytes are not an HTTP/1.1 request',
  ],
  [
    'a length beside chunks',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    400,
    'invalid_request',
    'The bytes are not an HTTP/1.1 request',
  ],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, 'invalid_request', 'The bytes are not an HTTP/1.1 request'],
  [
    'too much of a head',
    ofLength(headersMaxBytes + 1_000),
    431,
    'headers_too_large',
    'The headers are too large: expected at most 32768 bytes and 256 lines',
  ],
])('%s: responds with a problem, counts it and closes the connection', async (_, sent, status, code, detail) => {
  counted.length = 0;
  const [head = '', body = ''] = (await answerTo(sent)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(head).toMatch(/^X-Request-Id: id-1$/m);
  expect(head).toMatch(/^Content-Type: application\/problem\+json; charset=utf-8$/m);
  expect(head).toMatch(new RegExp(`^Content-Length: ${Buffer.byteLength(body)}$`, 'm'));
  expect(problemSchema.parse(JSON.parse(body))).toMatchObject({ status, code, detail, requestId: 'id-1' });
  expect(counted).toEqual([code]);
});

test('headers just below the limit are accepted', async () => {
  expect(await answerTo(ofLength(headersMaxBytes - 1_000))).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*hello$/);
});

test('a response in progress is not corrupted', async () => {
  counted.length = 0;
  const post = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
  const socket = connect({ host: '127.0.0.1', port: listener.port });
  const answer = text(socket);
  socket.write(post);
  await once(socket, 'data');
  socket.write('no chunk\r\n');
  expect((await answer).match(/HTTP\/1\.1/g)).toHaveLength(1);
  expect(counted).toEqual([]);
});

const proxyHeaders = [
  ['version 1', 'PROXY TCP4 198.51.100.1 10.0.0.1 1234 8080\r\n'],
  ['version 1 without an address', 'PROXY UNKNOWN\r\n'],
  ['version 2', `\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c${'x'.repeat(12)}`],
  ['version 2 of a health check (LOCAL)', '\r\n\r\n\0\r\nQUIT\n\x20\0\0\0'],
] as const;

test.each(proxyHeaders)('PROXY protocol, %s: the problem names it and the remedy', async (_what, header) => {
  counted.length = 0;
  const [head = '', body = ''] = (await answerTo(`${header}${ofLength(100)}`)).split('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 400 /);
  expect(problemSchema.parse(JSON.parse(body))).toMatchObject({
    code: 'invalid_request',
    detail:
      'The connection begins with a PROXY protocol header, which the router does not read: expected HTTP. Turn PROXY protocol off at the proxy, and let it send the client address in the header that CLIENT_ADDRESS_HEADER names',
  });
  expect(counted).toEqual(['invalid_request']);
});

test('PROXY protocol is warned about once', () => {
  expect(warned).toEqual([{ event: 'client_address.proxy_protocol' }]);
});

test('the same bytes later in a connection are not HTTP', async () => {
  const socket = connect({ host: '127.0.0.1', port: listener.port });
  const answer = text(socket);
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'readable');
  socket.write(proxyHeaders[0][1]);
  expect(await answer).toContain('The bytes are not an HTTP/1.1 request');
});
