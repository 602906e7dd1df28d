import { describe, expect, test } from '@jest/globals';
import { nodeProofTtlMs, type NodeProof } from '@turn-router/contract/registry';
import { createRedisRegistry, RegistryError, type ProofStore } from '@turn-router/registry';
import { eventually, freePort, startRedis } from '@turn-router/testing';
import { createTestApp, type TestApp } from '../../compose/test-app.fixture.ts';
import { fleetOf, proberOf, proof } from './probers.fixture.ts';

const [prober, target, other] = ['us-east-1/node-1', 'eu-central-1/node-0', 'ap-southeast-1/node-2'];
const readOne = async (app: TestApp, by: string, from = other) =>
  (await proberOf(app, from).read({ proofs: [{ target, prober: by }] })).body.proofs[0];

describe('a proof over HTTP', () => {
  test('is read by other probers until it expires', async () => {
    await using app = await createTestApp({ nodes: fleetOf(3) });
    const { status, text } = await proberOf(app, prober).put(target);
    expect([status, text]).toEqual([204, '']);
    app.monotonicClock.advance(nodeProofTtlMs - 1);
    expect(await readOne(app, prober)).toEqual(proof);
    app.monotonicClock.advance(1);
    expect(await readOne(app, prober)).toBeNull();
  });

  test('belongs to the node of the token, whatever the body says', async () => {
    await using app = await createTestApp({ nodes: fleetOf(3) });
    await proberOf(app, prober)
      .put(target, { ...proof, prober: other, target: prober })
      .expect(204);
    expect([await readOne(app, prober), await readOne(app, other)]).toEqual([proof, null]);
  });

  test('is replaced by the next one', async () => {
    await using app = await createTestApp({ nodes: fleetOf(3) });
    await proberOf(app, prober).put(target);
    const next: NodeProof = { ...proof, at: 8 };
    await proberOf(app, prober).put(target, next);
    expect(await readOne(app, prober)).toEqual(next);
  });

  test('several proofs are read in the order of the request', async () => {
    await using app = await createTestApp({ nodes: fleetOf(3) });
    await proberOf(app, prober).put(target);
    const proofs = [
      { target, prober: other },
      { target, prober },
      { target: 'x/y', prober },
      { target, prober },
    ];
    const { status, body } = await proberOf(app, other).read({ proofs });
    expect([status, body]).toEqual([200, { proofs: [null, proof, null, proof] }]);
  });

  test('is refused for a node without a record', async () => {
    await using app = await createTestApp({ nodes: fleetOf(3) });
    const { status, body } = await proberOf(app, prober).put('eu-central-1/gone');
    expect([status, body.code, body.detail]).toEqual([404, 'unknown_node', 'No record of eu-central-1/gone']);
  });

  test('is refused when the prober has sent 400 in a minute; others are not affected', async () => {
    await using app = await createTestApp({ nodes: fleetOf(3) });
    for (let count = 0; count < 400; count += 1) await proberOf(app, prober).put(target).expect(204);
    app.monotonicClock.advance(45_500);
    const { status, headers, body } = await proberOf(app, prober).put(target);
    expect([status, headers['retry-after'], body.code, body.detail]).toEqual([
      429,
      '15',
      'rate_limited',
      'Too many proofs by this prober: expected at most 400 a minute in each process of the router',
    ]);
    await proberOf(app, other).put(target).expect(204);
    app.monotonicClock.advance(14_500);
    await proberOf(app, prober).put(target).expect(204);
  });
});

const path = { transport: 'udp', family: 'ipv4', port: 3478, ok: true };
const longPath = (port: number) => ({
  ...path,
  family: 'ipv6',
  port,
  ok: false,
  reason: 'certificate_not_yet_valid',
  roundTripMs: 12_345.678901234567,
});

test.each<[what: string, body: object | string, field: string]>([
  ['no body', '', 'paths'],
  ['a list', [], ''],
  ['an unknown transport', { ...proof, paths: [{ ...path, transport: 'sctp' }] }, 'paths[0].transport'],
  ['an unknown reason', { ...proof, paths: [{ ...path, ok: false, reason: 'mood' }] }, 'paths[0].reason'],
  ['a failure without a reason', { ...proof, paths: [{ ...path, ok: false }] }, 'paths[0].reason'],
  ['a repeated path', { ...proof, paths: [path, path] }, 'paths'],
  [
    'too many paths',
    { ...proof, paths: Array.from({ length: 17 }, (_, port) => ({ ...path, port: port + 1 })) },
    'paths',
  ],
  ['a round trip of an hour', { ...proof, paths: [{ ...path, roundTripMs: 3_600_000 }] }, 'paths[0].roundTripMs'],
  ['a negative number', { ...proof, at: -1 }, 'at'],
  ['more than 2 KiB', { ...proof, paths: Array.from({ length: 16 }, (_, port) => longPath(50_000 + port)) }, ''],
])('a proof with %s is refused', async (_what, body, field) => {
  await using app = await createTestApp({ nodes: fleetOf(3) });
  const answer = await proberOf(app, prober).put(target, body);
  expect([answer.status, answer.body.code, answer.body.errors[0].field]).toEqual([400, 'invalid_request', field]);
  expect(await readOne(app, prober)).toBeNull();
});

test.each<[what: string, body: object, field: string]>([
  ['no list', {}, 'proofs'],
  ['an invalid name', { proofs: [{ target: 'x', prober }] }, 'proofs[0].target'],
  ['a missing prober', { proofs: [{ target }] }, 'proofs[0].prober'],
  ['too many keys', { proofs: Array.from({ length: 65 }, () => ({ target: 'a/b', prober: 'a/b' })) }, 'proofs'],
  ['an unknown field', { proofs: [], all: true }, 'all'],
])('reading with %s is refused', async (_what, body, field) => {
  await using app = await createTestApp();
  const answer = await proberOf(app, prober).read(body);
  expect([answer.status, answer.body.code, answer.body.errors[0].field]).toEqual([400, 'invalid_request', field]);
});

const refuse = () => Promise.reject(new RegistryError('refused', 'NOPERM', { fault: 'no_permission' }));

describe('with Redis', () => {
  test('proofs are in Redis', async () => {
    await using redis = await startRedis();
    await using registry = createRedisRegistry({ url: redis.url, name: 'test', random: () => 0 });
    await using app = await createTestApp({ nodes: fleetOf(3), proofs: registry.proofs });
    await eventually('Redis to accept a proof', async () => (await proberOf(app, prober).put(target)).status === 204);
    expect(await readOne(app, prober)).toEqual(proof);
    const { proofs } = await registry.proofs.readAllProofs();
    expect(proofs).toEqual([
      { target: { region: 'eu-central-1', id: 'node-0' }, prober: { region: 'us-east-1', id: 'node-1' }, proof },
    ]);
  });

  test('an unreachable Redis is a 503 with Retry-After; targets and credentials are still served', async () => {
    const url = `redis://127.0.0.1:${await freePort()}`;
    await using registry = createRedisRegistry({ url, name: 'test', random: () => 0 });
    await using app = await createTestApp({ nodes: fleetOf(3), proofs: registry.proofs });
    const { put, read, targets, credential } = proberOf(app, prober);
    for (const { status, headers, body } of [await put(target), await read({ proofs: [{ target, prober }] })]) {
      expect([status, headers['retry-after'], body.code]).toEqual([503, '1', 'registry_unavailable']);
    }
    expect([(await targets()).status, (await credential(target)).status]).toEqual([200, 200]);
  });

  test('a Redis user without permission is a 403, so that the reporter says it once', async () => {
    const proofs: ProofStore = { readAllProofs: refuse, readProofs: refuse, putProof: refuse };
    await using app = await createTestApp({ nodes: fleetOf(3), proofs });
    const answers = [
      await proberOf(app, prober).put(target),
      await proberOf(app, prober).read({ proofs: [{ target, prober }] }),
    ];
    expect(answers.map(({ status, body }) => [status, body.code, body.detail])).toEqual([
      [403, 'proofs_forbidden', 'The router may not store the proof'],
      [403, 'proofs_forbidden', 'The router may not read the proofs'],
    ]);
  });
});
