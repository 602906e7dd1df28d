import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { apiKeys, askForRelays, callers, createTestApp, policy, type TestApp } from '../compose/test-app.fixture.ts';

type Limits = Partial<(typeof policy)['limits']>;

const byKey = (key: keyof typeof apiKeys) => ['Authorization', `Bearer ${apiKeys[key]}`] as const;

const limits = (some: Limits) => ({ ...policy, limits: { ...policy.limits, ...some } });

async function openApp(some: Limits): Promise<TestApp> {
  const app = await createTestApp();
  app.routing.usePolicy(limits(some));
  return app;
}

describe('rate limits', () => {
  test('do not exist by default, nor do their headers', async () => {
    await using app = await createTestApp();
    const { status, headers } = await askForRelays(app);
    expect(status).toBe(200);
    expect(Object.keys(headers).filter((field) => field.startsWith('ratelimit'))).toEqual([]);
  });

  test('are sent in each response as structured fields', async () => {
    await using app = await openApp({ perAddressPerMinute: 2, perKeyPerMinute: 9, perUserPerMinute: 5 });
    const { headers } = await askForRelays(app, { userId: 'alice' }).set(...byKey('web'));
    expect(headers).toMatchObject({
      'ratelimit-policy': '"address";q=2;w=60, "key";q=9;w=60, "user";q=5;w=60',
      ratelimit: '"address";r=1;t=60, "key";r=8;t=60, "user";r=4;t=60',
    });
  });

  test('cause a 429 with Retry-After; later calls pass', async () => {
    await using app = await openApp({ perAddressPerMinute: 2 });
    await askForRelays(app);
    app.monotonicClock.advance(20_000);
    await askForRelays(app);
    const { status, headers, body } = await askForRelays(app);
    expect(status).toBe(429);
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      'retry-after': '41',
      ratelimit: '"address";r=0;t=41',
    });
    expect(body).toEqual({
      type: 'urn:turn-router:problem:rate_limited',
      title: 'Too many requests',
      status: 429,
      detail: 'Too many requests by this address: expected at most 2 a minute, at all routers together',
      code: 'rate_limited',
      requestId: headers['x-request-id'],
    });
    app.monotonicClock.advance(40_000);
    expect((await askForRelays(app)).status).toBe(429);
    app.monotonicClock.advance(1_000);
    expect((await askForRelays(app)).status).toBe(200);
    expect(await app.findLeaks()).toEqual([]);
  });

  test('count an address over all endpoints, including bad requests', async () => {
    await using app = await openApp({ perAddressPerMinute: 4 });
    const get = (path: string) => request(app.publicApp).get(path).set('X-Forwarded-For', callers.london);
    const statuses = [
      (await askForRelays(app, { ttlSeconds: 'x' })).status,
      (await get('/v1/region')).status,
      (await get('/coturn')).status,
      (await askForRelays(app)).status,
      (await askForRelays(app)).status,
      (await get('/v1/region')).status,
      (await get('/coturn')).status,
      (await get('/livez')).status,
    ];
    expect(statuses).toEqual([400, 200, 200, 200, 429, 429, 429, 200]);
    expect((await askForRelays(app, {}, callers.kansas)).status).toBe(200);
  });

  test('are lower and separate for anonymous callers', async () => {
    await using app = await openApp({ perAddressPerMinute: 4, anonymousPerAddressPerMinute: 1 });
    const { headers } = await askForRelays(app);
    expect(headers['ratelimit-policy']).toBe('"address";q=4;w=60, "anonymous";q=1;w=60');
    const refused = await askForRelays(app);
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({
      detail: 'Too many requests by this address: expected at most 1 a minute without a token, at all routers together',
    });
    const known = await askForRelays(app).set(...byKey('web'));
    expect(known.status).toBe(200);
    expect(known.headers['ratelimit']).toMatch(/^"address";r=2;t=\d+$/);
  });

  test("of an application's user hold wherever it asks from, and not for another application's user of that name", async () => {
    await using app = await openApp({ perUserPerMinute: 1 });
    const ask = async (userId: string, from: string, key: keyof typeof apiKeys = 'web') =>
      (await askForRelays(app, { userId }, from).set(...byKey(key))).status;
    expect([
      await ask('alice', callers.london),
      await ask('alice', callers.kansas),
      await ask('bob', callers.kansas),
      await ask('alice', callers.kansas, 'other'),
    ]).toEqual([200, 429, 200, 200]);
  });

  test('per user do not apply to anonymous callers, who count by address', async () => {
    await using app = await openApp({ perUserPerMinute: 1 });
    for (let call = 0; call < 3; call += 1) expect((await askForRelays(app, { userId: 'alice' })).status).toBe(200);
  });

  test('per key apply to all users and addresses of the key', async () => {
    await using app = await openApp({ perKeyPerMinute: 2 });
    const ask = async (from: string, key: keyof typeof apiKeys) =>
      (await askForRelays(app, {}, from).set(...byKey(key))).status;
    expect([
      await ask(callers.london, 'web'),
      await ask(callers.kansas, 'web'),
      await ask(callers.sydney, 'web'),
      await ask(callers.sydney, 'other'),
    ]).toEqual([200, 200, 429, 200]);
  });

  test('per address apply to wrong tokens, too', async () => {
    await using app = await openApp({ perAddressPerMinute: 2 });
    const ask = async () => (await askForRelays(app).set('Authorization', 'Bearer tr_web_wrong')).status;
    expect([await ask(), await ask(), await ask()]).toEqual([401, 401, 429]);
  });

  test('are readable for allowed origins', async () => {
    await using app = await openApp({ perAddressPerMinute: 1 });
    await askForRelays(app);
    const { status, headers } = await askForRelays(app).set('Origin', 'https://app.example.org');
    expect([status, headers['access-control-allow-origin']]).toEqual([429, 'https://app.example.org']);
    expect(headers['access-control-expose-headers']).toBe(
      'Retry-After,RateLimit,RateLimit-Policy,X-Request-Id,WWW-Authenticate',
    );
  });

  test('are logged once a minute per caller without name or address, and counted', async () => {
    await using app = await openApp({ perAddressPerMinute: 1, perUserPerMinute: 1 });
    for (let call = 0; call < 4; call += 1)
      await askForRelays(app, { userId: 'alice' }, callers.london).set(...byKey('web'));
    for (let call = 0; call < 4; call += 1)
      await askForRelays(app, { userId: 'alice' }, callers.kansas).set(...byKey('web'));
    const said = app.logLines().filter(({ event }) => event === 'limits.caller_refused');
    expect(said.map(({ limit, network, perMinute }) => [limit, network, perMinute])).toEqual([
      ['address', '81.2.69.0/24', 1],
      ['user', undefined, 1],
      ['address', '8.8.8.0/24', 1],
    ]);
    expect(app.logLines().filter(({ status, level }) => status === 429 && level !== 20)).toEqual([]);
    expect(await app.findLeaks()).toEqual([]);
    const { text } = await request(app.adminApp).get('/metrics');
    expect(text).toContain('turn_router_limited_calls_total{kind="address",result="passed"} 2');
    expect(text).toContain('turn_router_limited_calls_total{kind="address",result="refused"} 6');
    expect(text).toContain('turn_router_limited_calls_total{kind="user",result="passed"} 1');
    expect(text).toContain('turn_router_limited_calls_total{kind="user",result="refused"} 1');
    expect(text).toContain('turn_router_limit_buckets 3');
    expect(text).toContain('turn_router_limits_shared 1');
  });
});

/** The test app trusts proxies on loopback. Here the caller connects from an untrusted address. */
const strangers = { trustedProxies: [] };

function randomHeaders(count: number): string[] {
  const forms = [
    (n: number) => `${n % 223}.${n % 251}.${n % 241}.${n % 239}`,
    (n: number) => `2001:db8:${n.toString(16)}::1`,
    (n: number) => `2001:db8:0:1:${n.toString(16)}::`,
    (n: number) => `10.0.0.1, 127.0.0.1, 198.51.100.${n % 256}, ::1`,
    (n: number) => `"[2001:db8::${n.toString(16)}]:443"`,
    (n: number) => `unknown, _${n}, ,,`,
    (n: number) => `PROXY TCP4 198.51.100.1 10.0.0.1 ${n} 2`,
    (n: number) => `for=198.51.100.${n % 256};proto=https`,
    (n: number) => `999.${n}.1`,
    (n: number) => Array.from({ length: 50 }, (_, hop) => `10.${hop}.${n % 256}.1`).join(','),
  ];
  return Array.from({ length: count }, (_, n) => forms[n % forms.length]?.(n * 7919) ?? '');
}

describe('X-Forwarded-For of an untrusted address', () => {
  test('does not split the bucket, whatever its value', async () => {
    await using app = await createTestApp(strangers);
    app.routing.usePolicy(limits({ perAddressPerMinute: 10 }));
    const statuses: number[] = [];
    const regions = new Set<string>();
    for (const header of randomHeaders(1000)) {
      const { status, body } = await request(app.publicApp).get('/v1/region').set('X-Forwarded-For', header);
      statuses.push(status);
      if (status === 200) regions.add(body.region);
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(10);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect([...regions]).toEqual([policy.defaultRegion]);
  });

  test('callers behind a NAT64 gateway have the limits of their IPv4 addresses', async () => {
    await using app = await openApp({ perAddressPerMinute: 1 });
    const statusOf = async (address: string) => (await askForRelays(app, {}, address)).status;
    expect([await statusOf('64:ff9b::5102:458e'), await statusOf('64:ff9b::808:808')]).toEqual([200, 200]);
    expect([await statusOf('64:ff9b::5102:458e'), await statusOf(callers.london)]).toEqual([429, 429]);
  });

  test('all addresses of an IPv6 /64 behind a trusted proxy share one bucket', async () => {
    await using app = await openApp({ perAddressPerMinute: 5 });
    const statuses: number[] = [];
    for (let hop = 0; hop < 50; hop += 1) {
      statuses.push((await askForRelays(app, {}, `2a02:d100:0:1:${((hop * 7919) % 65_536).toString(16)}::1`)).status);
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(5);
  });
});
