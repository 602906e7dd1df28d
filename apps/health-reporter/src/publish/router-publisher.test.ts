import { problemType } from '@turn-router/contract/http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { freePort } from '@turn-router/testing';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { createRouterPublisher } from './router-publisher.ts';

const token = 'token-of-the-reporters';
const key = { region: 'eu-central-1', id: 'node-01' };
const report = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, public_ip: '192.0.2.50', port: 3478 } as const;

let server: Server;
let port: number;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let requests: {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}[];

beforeEach(async () => {
  requests = [];
  answer = (_request, response) => response.writeHead(204).end();
  server = createServer((request, response) => void record(request, response));
  port = await freePort();
  await once(server.listen(port, '127.0.0.1'), 'listening');
});

async function record(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url, headers } = request;
  requests.push({ method, url, headers, body: await text(request) });
  answer(request, response);
}

afterEach(async () => {
  server.closeAllConnections();
  await once(server.close(), 'close');
});

const publisher = (path = '', timeoutMs = 60_000) =>
  createRouterPublisher({ url: `http://127.0.0.1:${port}${path}`, token, timeoutMs });

describe('a report to the router', () => {
  test('is sent under the name of the node, with the token and its TTL', async () => {
    await publisher().put(key, report, 15_000);
    expect(requests).toMatchObject([
      {
        method: 'PUT',
        url: '/v1/nodes/eu-central-1/node-01?ttlSeconds=15',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(report),
      },
    ]);
  });

  test('is deleted under the same name', async () => {
    await publisher().remove(key);
    expect(requests).toMatchObject([
      {
        method: 'DELETE',
        url: '/v1/nodes/eu-central-1/node-01',
        headers: { authorization: `Bearer ${token}` },
        body: '',
      },
    ]);
  });

  test('is sent below the configured path, with or without a trailing slash', async () => {
    await publisher('/turn').remove(key);
    await publisher('/turn/').remove(key);
    expect(requests.map(({ url }) => url)).toEqual(Array(2).fill('/turn/v1/nodes/eu-central-1/node-01'));
  });

  test('has a TTL in whole seconds, rounded up', async () => {
    await publisher().put(key, report, 600);
    expect(requests[0]?.url).toBe('/v1/nodes/eu-central-1/node-01?ttlSeconds=1');
  });
});

describe("the router's clock", () => {
  test('is the Date of its response plus half a second', async () => {
    answer = (_request, response) => response.writeHead(200, { date: 'Sat, 21 Nov 2026 08:00:00 GMT' }).end();
    expect(await publisher('/turn').readClock()).toBe(Date.UTC(2026, 10, 21, 8, 0, 0, 500));
    expect(requests).toMatchObject([{ method: 'HEAD', url: '/turn/livez' }]);
  });

  test.each(['', 'yesterday'])('is unknown with the Date "%s"', async (date) => {
    answer = (_request, response) => response.writeHead(200, { date }).end();
    await expect(publisher().readClock()).rejects.toMatchObject({
      code: 'refused',
      message: "the router's response has no valid Date header",
    });
  });
});

describe('a router that does not accept the report', () => {
  const problem = {
    type: problemType('unauthorized'),
    title: 'A valid token is needed',
    status: 401,
    detail: 'expected the reporter token',
    code: 'unauthorized',
    requestId: '01KAJ0V5M0XJ3Q3M8N5T4WQ9ZB',
  };

  test.each([
    [
      'a problem',
      401,
      JSON.stringify(problem),
      'refused',
      'the router answered 401 (unauthorized: expected the reporter token)',
    ],
    ['a page of another program', 404, '<html>', 'refused', 'the router answered 404'],
    ['no text', 400, '', 'refused', 'the router answered 400'],
    ['too many', 429, '', 'unavailable', 'the router answered 429'],
    ['a router without its registry', 503, '{}', 'unavailable', 'the router answered 503'],
  ])('%s', async (_what, status, body, code, message) => {
    answer = (_request, response) => response.writeHead(status).end(body);
    await expect(publisher().put(key, report, 15_000)).rejects.toMatchObject({ name: 'RegistryError', code, message });
  });

  test('does not send the token to a redirect', async () => {
    answer = (_request, response) => response.writeHead(307, { location: `http://127.0.0.1:${port}/elsewhere` }).end();
    await expect(publisher().put(key, report, 15_000)).rejects.toMatchObject({
      code: 'refused',
      message: 'the router answered 307',
    });
    expect(requests).toHaveLength(1);
  });

  test('fails with the timeout if nothing answers', async () => {
    answer = () => undefined;
    await expect(publisher('', 100).put(key, report, 15_000)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'the router is unreachable: TimeoutError',
    });
  });

  test('fails with the timeout if the response never ends', async () => {
    answer = (_request, response) => response.writeHead(200).write('…');
    await expect(publisher('', 100).put(key, report, 15_000)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'the router is unreachable: TimeoutError',
    });
  });

  test('fails if nothing listens on the port', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await expect(createRouterPublisher({ url, token, timeoutMs: 2_000 }).remove(key)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'the router is unreachable: ECONNREFUSED',
    });
  });
});
