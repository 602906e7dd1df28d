import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { iceServersAnswerSchema, type IceServersRequest } from '@turn-router/contract/http';
import { policySchema } from '@turn-router/contract/policy';
import request from 'supertest';
import {
  apiKeys,
  askForRelays,
  callers,
  createTestApp,
  figures,
  keyRing,
  policy,
  turnEntry,
  twoNodes,
  type TestApp,
} from '../../compose/test-app.fixture.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
beforeEach(async () => app.useNodes(twoNodes));
afterAll(async () => app[Symbol.asyncDispose]());

const ask = (body?: unknown, from?: string) => askForRelays(app, body, from);

/** Sets the traffic of Frankfurt, out of 1000 Mbit/s. */
const nodesAt = (bandwidth: number) => ({
  'eu-central-1/node-01': { ...figures, bandwidth_mbps: bandwidth, public_ip: '192.0.2.50' },
  'us-east-1/node-01': { ...figures, public_ip: '192.0.2.60' },
});

async function answerTo(wishes: IceServersRequest, from?: string) {
  const response = await ask(wishes, from);
  expect({ status: response.status, body: response.body }).toMatchObject({ status: 200 });
  return iceServersAnswerSchema.parse(response.body);
}

describe('a response', () => {
  test('has exactly these fields', async () => {
    const response = await ask({ userId: 'alice-of-the-north', callId: 'call-7' });
    const { username, credential } = turnEntry(iceServersAnswerSchema.parse(response.body));
    const requestId = Number(response.headers['x-request-id']?.slice('id-'.length));
    expect(response.status).toBe(200);
    expect(response.body).toEqual({
      iceServers: [
        {
          urls: ['turn:192.0.2.50:3478?transport=udp', 'turn:192.0.2.50:3478?transport=tcp'],
          username,
          credential,
        },
        { urls: ['stun:192.0.2.50:3478'] },
      ],
      ttlSeconds: 600,
      expiresAt: '2026-11-21T08:10:00Z',
      refreshAfterSeconds: 420,
      serverTime: '2026-11-21T08:00:00Z',
      region: 'eu-central-1',
      nodes: ['eu-central-1/node-01'],
      decisionId: `id-${requestId + 1}`,
    });
    expect(response.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    });
    expect(response.headers).not.toHaveProperty('etag');
  });

  test('contains the current time and its own expiry', async () => {
    await using later = await createTestApp();
    const timesOf = async (ttlSeconds: number) => {
      const { body } = await askForRelays(later, { ttlSeconds });
      return [body.serverTime, body.expiresAt];
    };
    expect(await timesOf(60)).toEqual(['2026-11-21T08:00:00Z', '2026-11-21T08:01:00Z']);
    expect(await timesOf(90)).toEqual(['2026-11-21T08:00:00Z', '2026-11-21T08:01:30Z']);
    later.clock.advance(249);
    expect(await timesOf(90)).toEqual(['2026-11-21T08:00:00Z', '2026-11-21T08:01:30Z']);
    later.clock.advance(1);
    expect(await timesOf(90)).toEqual(['2026-11-21T08:00:01Z', '2026-11-21T08:01:31Z']);
  });

  test('contains a username that expires with the response, and its HMAC under the newest key', async () => {
    const answer = await answerTo({ userId: 'alice-of-the-north', ttlSeconds: 60 });
    const { username, credential } = turnEntry(answer);
    const expirySeconds = Date.parse('2026-11-21T08:00:00Z') / 1000 + 60;
    expect(username).toMatch(new RegExp(`^${expirySeconds}:[A-Za-z0-9_-]{12}$`));
    expect(answer.expiresAt).toBe(new Date(expirySeconds * 1000).toISOString().replace('.000', ''));
    expect(credential).toBe(createHmac('sha1', keyRing.keys[0].secret).update(username).digest('base64'));
  });

  test('is the same without a body, for {} and for an empty body', async () => {
    const post = request(app.publicApp).post('/v1/ice-servers').set('X-Forwarded-For', callers.london);
    const empty = request(app.publicApp).post('/v1/ice-servers').set('X-Forwarded-For', callers.london);
    const answers = [
      await ask({}),
      await post,
      await empty.set('Content-Length', '0').set('Content-Type', 'text/plain'),
    ];
    for (const { status, body } of answers) {
      expect([status, { ...body, decisionId: '' }]).toEqual([200, { ...answers[0]?.body, decisionId: '' }]);
    }
  });

  test('does not depend on charset and case of the content type', async () => {
    for (const type of ['application/json; charset=utf-8', 'Application/JSON;charset=UTF-8']) {
      const { status } = await request(app.publicApp).post('/v1/ice-servers').set('Content-Type', type).send('{}');
      expect(status).toBe(200);
    }
  });
});

describe('the region of a response', () => {
  test.each<[from: string, region: string, spilledFrom: string | undefined]>([
    [callers.london, 'eu-central-1', undefined],
    [`::ffff:${callers.london}`, 'eu-central-1', undefined],
    [callers.londonOverIpv6, 'eu-central-1', undefined],
    [callers.kansas, 'us-east-1', undefined],
    [callers.sydney, 'us-east-1', 'ap-southeast-1'],
    [callers.nowhere, 'us-east-1', undefined],
    ['10.0.0.1', 'us-east-1', undefined],
    ['garbage', 'us-east-1', undefined],
  ])('a caller at %s: %s', async (from, region, spilledFrom) => {
    const answer = await answerTo({}, from);
    expect([answer.region, answer.spilledFrom]).toEqual([region, spilledFrom]);
    expect(answer.nodes).toEqual([`${region}/node-01`]);
  });

  test('ignores X-Forwarded-For of an untrusted address', async () => {
    await using strict = await createTestApp({ trustedProxies: [] });
    const { body } = await request(strict.publicApp).post('/v1/ice-servers').set('X-Forwarded-For', callers.london);
    expect(body).toMatchObject({ region: 'us-east-1' });
  });

  test('is a spillover target past the start of spillover, and spilledFrom is set', async () => {
    await using busy = await createTestApp({ nodes: nodesAt(999) });
    // A share grows by 2 points a second.
    busy.monotonicClock.advance(60_000);
    await busy.useNodes(nodesAt(1000));
    const answerFor = async (wishes: object) =>
      (await request(busy.publicApp).post('/v1/ice-servers').set('X-Forwarded-For', callers.london).send(wishes)).body;
    expect(await answerFor({})).toMatchObject({ region: 'us-east-1', spilledFrom: 'eu-central-1' });
    expect(await answerFor({ requireRegion: 'eu-central-1' })).toMatchObject({
      nodes: ['eu-central-1/node-01'],
      overloaded: true,
    });
  });

  test('stays home with overloaded when all are full, or the response is 503 if the policy refuses', async () => {
    const full = { ...figures, bandwidth_mbps: 990 };
    await using busy = await createTestApp({
      nodes: {
        'eu-central-1/node-01': { ...full, public_ip: '192.0.2.50' },
        'us-east-1/node-01': { ...full, public_ip: '192.0.2.60' },
      },
    });
    const answer = () => request(busy.publicApp).post('/v1/ice-servers').set('X-Forwarded-For', callers.london);
    expect((await answer()).body).toMatchObject({ region: 'eu-central-1', overloaded: true });
    busy.routing.usePolicy(policySchema.parse({ ...policy, overload: 'refuse' }));
    const refused = await answer();
    expect([refused.status, refused.body.code, refused.headers['retry-after']]).toEqual([503, 'fleet_overloaded', '5']);
  });

  test('obeys the residency rules, and another required region is rejected', async () => {
    await using bound = await createTestApp();
    bound.routing.usePolicy(
      policySchema.parse({ ...policy, residency: [{ countries: ['GB'], stayIn: ['us-east-1'] }] }),
    );
    const askIn = (wishes: object) =>
      request(bound.publicApp).post('/v1/ice-servers').set('X-Forwarded-For', callers.london).send(wishes);
    expect((await askIn({ preferRegion: 'eu-central-1' })).body).toMatchObject({ region: 'us-east-1' });
    const forbidden = await askIn({ requireRegion: 'eu-central-1' });
    expect([forbidden.status, forbidden.body.code]).toEqual([403, 'region_forbidden']);
    const { body } = await request(bound.publicApp).get('/v1/region').set('X-Forwarded-For', callers.london);
    expect(body).toMatchObject({ region: 'us-east-1', reason: 'residency', fallbacks: [] });
  });

  test('is the required or the preferred one', async () => {
    const required = await answerTo({ requireRegion: 'us-east-1' });
    expect([required.region, required.spilledFrom]).toEqual(['us-east-1', undefined]);
    const preferred = await answerTo({ preferRegion: 'us-east-1' });
    expect([preferred.region, preferred.spilledFrom]).toEqual(['us-east-1', undefined]);
    const wishedInVain = await answerTo({ preferRegion: 'ap-southeast-1' });
    expect([wishedInVain.region, wishedInVain.spilledFrom]).toEqual(['eu-central-1', undefined]);
  });

  test('has no excluded nodes', async () => {
    await app.useNodes({ ...twoNodes, 'eu-central-1/node-02': { ...figures, cpu: 90, public_ip: '192.0.2.51' } });
    expect((await answerTo({})).nodes).toEqual(['eu-central-1/node-01']);
    expect((await answerTo({ excludeNodes: ['eu-central-1/node-01'] })).nodes).toEqual(['eu-central-1/node-02']);
    const excludeNodes = ['eu-central-1/node-01', 'eu-central-1/node-02'];
    expect(await answerTo({ excludeNodes })).toMatchObject({ region: 'us-east-1', spilledFrom: 'eu-central-1' });
  });

  test('has several nodes on request, each with its URLs, and one credential for all', async () => {
    await app.useNodes({ ...twoNodes, 'eu-central-1/node-02': { ...figures, cpu: 90, public_ip: '192.0.2.51' } });
    const answer = await answerTo({ maxNodes: 2 });
    expect(answer.nodes).toEqual(['eu-central-1/node-01', 'eu-central-1/node-02']);
    expect(answer.iceServers.map(({ urls }) => urls)).toEqual([
      ['turn:192.0.2.50:3478?transport=udp', 'turn:192.0.2.50:3478?transport=tcp'],
      ['stun:192.0.2.50:3478'],
      ['turn:192.0.2.51:3478?transport=udp', 'turn:192.0.2.51:3478?transport=tcp'],
      ['stun:192.0.2.51:3478'],
    ]);
    expect(answer.iceServers[2]?.credential).toBe(answer.iceServers[0]?.credential);
    expect((await answerTo({ maxNodes: 4 })).nodes).toHaveLength(2);
  });

  test('has only the requested transports, from a node that supports them', async () => {
    await app.useNodes({
      ...twoNodes,
      'eu-central-1/node-02': {
        ...figures,
        cpu: 90,
        public_ip: '192.0.2.51',
        public_ipv6: '2001:db8::51',
        hostname: 'turn-2.example.org',
        tls_port: 443,
        transports: ['udp', 'tcp', 'tls'],
      },
    });
    const overTls = await answerTo({ transports: ['tls'] });
    expect(overTls.nodes).toEqual(['eu-central-1/node-02']);
    expect(turnEntry(overTls).urls).toEqual(['turns:turn-2.example.org:443?transport=tcp']);
    // The STUN entry is also missing, because STUN uses UDP.
    const overTcp = await answerTo({ transports: ['tcp'] });
    expect(overTcp.iceServers.map(({ urls }) => urls)).toEqual([['turn:192.0.2.50:3478?transport=tcp']]);
    expect(turnEntry(await answerTo({ excludeNodes: ['eu-central-1/node-01'] })).urls).toEqual([
      'turn:192.0.2.51:3478?transport=udp',
      'turn:[2001:db8::51]:3478?transport=udp',
      'turn:192.0.2.51:3478?transport=tcp',
      'turns:turn-2.example.org:443?transport=tcp',
    ]);
  });
});

test('logs one line per response, with the decision but without name or address', async () => {
  const { headers } = await ask({ userId: 'alice-of-the-north', callId: 'call-7' }).set(
    'Authorization',
    `Bearer ${apiKeys.web}`,
  );
  const lines = app.logLines().filter(({ requestId }) => requestId === headers['x-request-id']);
  expect(lines).toEqual([
    {
      level: 30,
      time: expect.any(String),
      event: 'request.answered',
      msg: 'request answered',
      requestId: headers['x-request-id'],
      method: 'POST',
      route: '/v1/ice-servers',
      status: 200,
      durationMs: 0,
      network: '81.2.69.0/24',
      caller: 'api-key',
      key: 'web',
      decisionId: expect.stringMatching(/^id-\d+$/),
      region: 'eu-central-1',
      nodes: ['eu-central-1/node-01'],
      ttlSeconds: 3600,
      reason: 'home',
      placedBy: 'nearest',
      user: expect.stringMatching(/^[A-Za-z0-9_-]{12}$/),
      callId: 'call-7',
    },
  ]);
});

test('no log line, error or metric contains a secret or a name', async () => {
  expect(await app.findLeaks()).toEqual([]);
});
