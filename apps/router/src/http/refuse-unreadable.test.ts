import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { problemSchema } from '@turn-router/contract/http';
import { createBareApp } from './create-bare-app.ts';
import { listen, adminStopTimeouts, type Listener } from './listen.ts';
import { createRefuseUnreadable, headersMaxBytes } from './refuse-unreadable.ts';

const counted: string[] = [];
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
    'The headers are too large: expected at most 32768 bytes',
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
