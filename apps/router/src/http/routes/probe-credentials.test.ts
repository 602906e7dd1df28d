import { describe, expect, test } from '@jest/globals';
import { nodeNameFromKey, parseNodeName } from '@turn-router/contract/registry';
import { createAssignment } from '@turn-router/outside-proof';
import { allocateAndRelease, proveRelayFromOutside } from '@turn-router/stun';
import { startCoturn } from '@turn-router/testing';
import { nodeKeyRing, secretFingerprint } from '@turn-router/turn-credentials';
import request from 'supertest';
import {
  createTestApp,
  figures,
  keyRing,
  policy,
  reporterToken,
  type TestApp,
} from '../../compose/test-app.fixture.ts';
import { fleetOf, proberOf } from './probers.fixture.ts';

const keysOf = (nodes: object) => Object.keys(nodes).map((name) => parseNodeName(name) ?? { region: '', id: '' });
const codeOf = async (app: TestApp, prober: string, target: string) => {
  const { status, body } = await proberOf(app, prober).credential(target);
  return status === 200 ? 'issued' : body.code;
};

describe('a credential for probes', () => {
  test('has a user of its own and lives for a minute', async () => {
    await using app = await createTestApp({ nodes: fleetOf(3) });
    const { status, headers, body } = await proberOf(app, 'us-east-1/node-1').credential('eu-central-1/node-0');
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    const expiry = Math.floor(app.clock.now() / 1_000) + 60;
    expect(body).toEqual({
      username: `${expiry}:probe-us-east-1-node-1`,
      credential: expect.stringMatching(/^[A-Za-z0-9+/]{27}=$/),
      ttlSeconds: 60,
    });
    expect(await app.findLeaks()).toEqual([]);
  });

  test('is for exactly the nodes that the prober probes or confirms', async () => {
    const nodes = fleetOf(60);
    await using app = await createTestApp({ nodes });
    const assignment = createAssignment(keysOf(nodes));
    const prober = 'us-east-1/node-1';
    const wanted = keysOf(nodes)
      .filter((target) => assignment.confirming(target).map(nodeNameFromKey).includes(prober))
      .map(nodeNameFromKey);
    expect(wanted.length).toBeGreaterThan(5);
    expect(wanted.length).toBeLessThan(30);
    const codes = new Map<string, string>();
    for (const target of Object.keys(nodes)) codes.set(target, await codeOf(app, prober, target));
    expect([...codes].filter(([, code]) => code === 'issued').map(([target]) => target)).toEqual(wanted);
    expect(new Set(codes.values())).toEqual(new Set(['issued', 'target_forbidden']));
    expect(codes.get(prober)).toBe('target_forbidden');
  });

  test('is also for a prober whose record does not say yet that it probes', async () => {
    const nodes = { ...fleetOf(4), 'eu-central-1/node-9': { ...figures, public_ip: '192.0.2.9' } };
    await using app = await createTestApp({ nodes });
    expect(await codeOf(app, 'eu-central-1/node-9', 'us-east-1/node-1')).toBe('issued');
    expect(await codeOf(app, 'ap-southeast-1/watch', 'us-east-1/node-1')).toBe('issued');
  });

  test('follows the fleet after five seconds at the latest', async () => {
    await using app = await createTestApp({ nodes: fleetOf(2) });
    expect(await codeOf(app, 'us-east-1/node-1', 'us-east-1/node-4')).toBe('unknown_node');
    await app.useNodes(fleetOf(5));
    app.monotonicClock.advance(5_000);
    expect(await codeOf(app, 'us-east-1/node-1', 'us-east-1/node-4')).toBe('issued');
  });

  test('is refused if no key of the router fits the fingerprints of the node', async () => {
    const other = { secret_ids: ['newest'], secret_fingerprints: { newest: secretFingerprint('another-secret') } };
    const nodes = { ...fleetOf(2), 'eu-central-1/node-7': { ...figures, public_ip: '192.0.2.7', ...other } };
    await using app = await createTestApp({ nodes });
    const { status, body } = await proberOf(app, 'us-east-1/node-1').credential('eu-central-1/node-7');
    expect([status, body.code]).toEqual([409, 'no_common_key']);
    expect(await app.findLeaks()).toEqual([]);
  });

  test('is refused to a prober that has asked 120 times in a minute, refusals included', async () => {
    await using app = await createTestApp({ nodes: fleetOf(3) });
    const [prober, target] = ['us-east-1/node-1', 'eu-central-1/node-0'];
    for (let count = 0; count < 60; count += 1) {
      expect([await codeOf(app, prober, target), await codeOf(app, prober, 'x/y')]).toEqual(['issued', 'unknown_node']);
    }
    const { status, headers, body } = await proberOf(app, prober).credential(target);
    expect([status, headers['retry-after'], body.code]).toEqual([429, '60', 'rate_limited']);
    expect(await codeOf(app, 'ap-southeast-1/node-2', target)).toBe('issued');
    app.monotonicClock.advance(60_000);
    expect(await codeOf(app, prober, target)).toBe('issued');
  });

  test('counts for no limit of callers and for no load', async () => {
    await using app = await createTestApp({ nodes: fleetOf(3) });
    app.routing.usePolicy({ ...policy, limits: { ...policy.limits, perAddressPerMinute: 1 } });
    const before = JSON.stringify(app.routing.status());
    for (let count = 0; count < 20; count += 1) {
      const { status, headers } = await proberOf(app, 'us-east-1/node-1').credential('eu-central-1/node-0');
      expect([status, headers['ratelimit-policy']]).toEqual([200, undefined]);
    }
    expect(JSON.stringify(app.routing.status())).toBe(before);
    const asked = await request(app.publicApp).post('/v1/ice-servers');
    expect([asked.status, asked.headers['ratelimit']]).toEqual([200, '"address";r=0;t=60']);
  });
});

test.each<[what: string, query: object, body: object, status: number, field: string | undefined]>([
  ['no prober', {}, { target: 'us-east-1/node-1' }, 400, 'prober'],
  ['two probers', { prober: ['a/b', 'a/c'] }, { target: 'us-east-1/node-1' }, 400, 'prober'],
  ['an invalid prober', { prober: 'x' }, { target: 'us-east-1/node-1' }, 400, 'prober'],
  ['no target', { prober: 'us-east-1/node-1' }, {}, 400, 'target'],
  ['an invalid target', { prober: 'us-east-1/node-1' }, { target: 'a/b/c' }, 400, 'target'],
  ['a lifetime', { prober: 'us-east-1/node-1' }, { target: 'a/b', ttlSeconds: 86_400 }, 400, 'ttlSeconds'],
])('a request with %s is refused', async (_what, query, body, status, field) => {
  await using app = await createTestApp({ nodes: fleetOf(3) });
  const answer = await request(app.publicApp)
    .post('/v1/probe-credentials')
    .query(query)
    .auth(reporterToken, { type: 'bearer' })
    .send(body);
  expect([answer.status, answer.body.code, answer.body.errors[0].field]).toEqual([status, 'invalid_request', field]);
});

test('an unauthenticated body is not read', async () => {
  await using app = await createTestApp({ nodes: fleetOf(3) });
  const { status } = await request(app.publicApp)
    .post('/v1/probe-credentials?prober=us-east-1/node-1')
    .set('Content-Type', 'text/plain')
    .send('x'.repeat(5_000));
  expect(status).toBe(401);
});

test('a real coturn with a secret of its own accepts the credential of its router, and no credential for another node', async () => {
  const [prober, target, other] = ['us-east-1/node-1', 'eu-central-1/node-0', 'ap-southeast-1/node-2'];
  const { keys } = nodeKeyRing(keyRing, target);
  await using coturn = await startCoturn({ secrets: [keys[0].secret], config: ['user-quota=1'] });
  await using app = await createTestApp({ nodes: fleetOf(3), secretMode: 'per-node' });
  app.clock.advance(Date.now() - app.clock.now());
  const server = { host: coturn.address, port: coturn.port, transport: 'udp' } as const;
  const limits = { timeoutMs: 10_000 };

  const { body: credential } = await proberOf(app, prober).credential(target);
  expect((await proveRelayFromOutside(server, credential, limits)).relay).toEqual({ ok: true });

  const { body: ofOther } = await proberOf(app, prober).credential(other);
  await expect(allocateAndRelease(server, ofOther, limits)).rejects.toMatchObject({ fault: 'credentials_refused' });
});
