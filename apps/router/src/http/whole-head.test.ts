import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { byForm, seededRandom } from '@turn-router/testing';
import { apiKeys, adminTokens, createTestApp, reporterToken, type TestApp } from '../compose/test-app.fixture.ts';
import { answerJson } from './answer.ts';
import { adminStopTimeouts, listen, type Listener } from './listen.ts';
import { callerRoute, readNothing } from './public-route.ts';
import { publicRoutes } from './public-routes.ts';
import { createHostileHead } from './hostile-head.fixture.ts';
import { openRawClient, type RawAnswer, type RawClient } from './raw-client.fixture.ts';
import { createRefuseUnreadable } from './refuse-unreadable.ts';
import { headerLinesMax } from './whole-head.ts';

/** Answers with what the router believes about the caller. */
const whoRoute = callerRoute({
  method: 'get',
  path: '/who',
  operation: undefined,
  readRequest: readNothing,
  createAnswer:
    () =>
    (res, { address, caller }) =>
      answerJson(res, { address, kind: caller.kind }),
});

type Opened = { readonly app: TestApp; readonly publicListener: Listener; readonly adminListener: Listener };

async function open(clientAddressHeader: string): Promise<Opened> {
  const app = await createTestApp({ clientAddressHeader, routes: [...publicRoutes, whoRoute] });
  const refuse = createRefuseUnreadable({
    metrics: { countProblem: () => undefined },
    logger: { warn: () => undefined },
    newRequestId: () => 'id',
  });
  const here = { host: '127.0.0.1', port: 0 };
  return {
    app,
    publicListener: await listen(app.express, here, adminStopTimeouts, refuse),
    adminListener: await listen(app.adminExpress, here, adminStopTimeouts, refuse),
  };
}

let list: Opened;
let forwarded: Opened;
beforeAll(async () => {
  [list, forwarded] = [await open('x-forwarded-for'), await open('forwarded')];
});
afterAll(async () => {
  for (const { app, publicListener, adminListener } of [list, forwarded]) {
    await publicListener[Symbol.asyncDispose]();
    await adminListener[Symbol.asyncDispose]();
    await app[Symbol.asyncDispose]();
  }
});

const get = (path: string, ...lines: string[]) =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
const codeOf = (answer: RawAnswer | undefined) => JSON.parse(answer?.body ?? '{}').code;

const withKey = (fillers: number) =>
  get('/who', ...Array<string>(fillers).fill('a:b'), `Authorization: Bearer ${apiKeys.web}`);

describe('a head with many lines', () => {
  const linesBesides = 2;

  test('is read to its last line up to the maximum', async () => {
    using client = openRawClient(list.publicListener.port);
    const { status, body = '' } = (await client.ask(withKey(headerLinesMax - linesBesides))) ?? {};
    expect([status, JSON.parse(body)]).toEqual([200, { address: '127.0.0.1', kind: 'api-key' }]);
  });

  test.each([1, 2, 1_000, 2_000, 5_000, 9_000, 16_000])('is refused with %i lines more', async (more) => {
    using client = openRawClient(list.publicListener.port);
    const answer = await client.ask(withKey(headerLinesMax - linesBesides + more));
    expect(answer?.status).toBe(431);
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({
      code: 'headers_too_large',
      detail: 'The headers are too large: expected at most 32768 bytes and 256 lines',
    });
  });

  test('is refused if the Host is the last line', async () => {
    using client = openRawClient(list.publicListener.port);
    const fillers = 'a:b\r\n'.repeat(2_000);
    expect(codeOf(await client.ask(`GET /who HTTP/1.1\r\n${fillers}Host: x\r\n\r\n`))).toBe('headers_too_large');
  });

  test('is refused by the admin listener, even with a valid token', async () => {
    using client = openRawClient(list.adminListener.port);
    const ask = (fillers: number) =>
      client.ask(
        get('/admin/v1/whoami', ...Array<string>(fillers).fill('a:b'), `Authorization: Bearer ${adminTokens.viewer}`),
      );
    expect((await ask(200))?.status).toBe(200);
    for (const fillers of [300, 1_000, 5_000]) expect(codeOf(await ask(fillers))).toBe('headers_too_large');
  });
});

describe('two Authorization lines', () => {
  const good = `Authorization: Bearer ${apiKeys.web}`;
  const bad = 'Authorization: Bearer tr_nobody_x';
  const basic = 'Authorization: Basic dXNlcjpwYXNz';
  test.each([
    ['the same key twice', good, good],
    ['a key and another', good, bad],
    ['another and a key', bad, good],
    ['a key and Basic', good, basic],
    ['Basic and a key', basic, good],
  ])('%s: no line wins, and the caller is not anonymous', async (_what, ...lines) => {
    using client = openRawClient(list.publicListener.port);
    const answer = await client.ask(get('/who', ...lines));
    expect([answer?.status, codeOf(answer)]).toEqual([401, 'invalid_token']);
  });

  test('of other schemes are not for the router', async () => {
    using client = openRawClient(list.publicListener.port);
    expect(JSON.parse((await client.ask(get('/who', basic, basic)))?.body ?? '')).toMatchObject({ kind: 'anonymous' });
  });

  test('are refused on the admin API and for node reports', async () => {
    using admin = openRawClient(list.adminListener.port);
    const token = `Authorization: Bearer ${adminTokens.operator}`;
    expect((await admin.ask(get('/admin/v1/whoami', token, token)))?.status).toBe(401);
    using client = openRawClient(list.publicListener.port);
    const report = `Authorization: Bearer ${reporterToken}`;
    const remove = (...lines: string[]) => get('/v1/nodes/eu-central-1/none', ...lines).replace('GET', 'DELETE');
    expect((await client.ask(remove(report, report)))?.status).toBe(401);
    expect((await client.ask(remove(report)))?.status).toBe(204);
  });
});

const post = (...types: string[]) =>
  `POST /v1/ice-servers HTTP/1.1\r\nHost: x\r\n${types.map((type) => `Content-Type: ${type}\r\n`).join('')}Content-Length: 2\r\n\r\n{}`;

test('several lines of Origin do not pass as the first one', async () => {
  using client = openRawClient(list.publicListener.port);
  const key = `Authorization: Bearer ${apiKeys.narrow}`;
  const own = 'Origin: https://narrow.example.org';
  expect((await client.ask(get('/who', key, own)))?.status).toBe(200);
  expect(codeOf(await client.ask(get('/who', key, own, 'Origin: https://evil.example.org')))).toBe('origin_forbidden');
});

test('several lines of another single field are not cut to the first either', async () => {
  using client = openRawClient(list.publicListener.port);
  expect((await client.ask(post('application/json')))?.status).toBe(200);
  expect((await client.ask(post('application/json', 'text/plain')))?.status).toBe(415);
});

const clients = 10;
const requests = byForm({ short: 1_500, full: 5_000 });

describe.each([
  ['X-Forwarded-For', 1],
  ['Forwarded', 2],
] as const)(`${requests} hostile requests through a proxy that sends %s (seed %i)`, (header, seed) => {
  test('are refused, or come from the address that the proxy wrote', async () => {
    const random = seededRandom(seed);
    const { port } = (header === 'Forwarded' ? forwarded : list).publicListener;
    const wrong: unknown[] = [];
    const counts = { answered: 0, refused: 0 };
    const judge = async (client: RawClient): Promise<void> => {
      const each = createHostileHead(random, header);
      const answer = await client.ask(each.request);
      if (answer?.status === 200) {
        counts.answered += 1;
        const { address, kind } = JSON.parse(answer.body);
        if (address !== each.address || kind !== each.kind) wrong.push({ seen: { address, kind }, ...each });
      } else {
        counts.refused += 1;
        if (each.mustPass || (answer?.status !== 431 && answer?.status !== 400)) wrong.push({ answer, ...each });
      }
    };
    await Promise.all(
      Array.from({ length: clients }, async () => {
        using client = openRawClient(port);
        for (let count = 0; count < requests / clients; count += 1) await judge(client);
      }),
    );
    expect([wrong.length, JSON.stringify(wrong[0])?.slice(0, 2_000)]).toEqual([0, undefined]);
    expect(counts.answered + counts.refused).toBe(requests);
    expect(Math.min(counts.answered, counts.refused)).toBeGreaterThan(requests / 5);
  });
});
