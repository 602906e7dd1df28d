import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { fleetAnswerSchema, type FleetAnswer } from '@turn-router/contract/admin';
import type { NodeReport, ProofPath } from '@turn-router/contract/registry';
import request from 'supertest';
import {
  adminTokens,
  askForRelays,
  createTestApp,
  figures,
  policy,
  twoNodes,
  type TestApp,
} from '../../compose/test-app.fixture.ts';
import { udpFails, udpWorks } from '../../fleet/proofs/test-proofs.fixture.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(async () => app[Symbol.asyncDispose]());
beforeEach(() => app.useNodes(twoNodes));

async function ask(query = ''): Promise<FleetAnswer> {
  const { status, body, headers } = await get(query);
  expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
  // The response contains no field that the OpenAPI document lacks.
  expect(fleetAnswerSchema.parse(body)).toEqual(body);
  return body;
}

const get = (query: string) =>
  request(app.adminApp).get(`/admin/v1/fleet${query}`).set('Authorization', `Bearer ${adminTokens.viewer}`);

const loadInFrankfurt = async () => (await ask('?region=eu-central-1')).nodes[0]?.estimatedLoad ?? 0;

const named = (answer: FleetAnswer) => answer.nodes.map(({ name }) => name);

/** `count` healthy nodes of a region. */
function nodesOf(region: string, count: number): Record<string, NodeReport> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, n) => [
      `${region}/n-${`${n}`.padStart(3, '0')}`,
      { ...figures, public_ip: `192.0.2.${n + 1}` },
    ]),
  );
}

describe('GET /admin/v1/fleet', () => {
  test('shows the state of every region and every node', async () => {
    app.clock.advance(1);
    const answer = await ask();
    expect(answer).toMatchObject({
      trust: 'fresh',
      replicas: [{ id: 'this', version: '1.2.3' }],
      replicaCount: 1,
      regions: [
        { region: 'us-east-1', nodes: { healthy: 1, draining: 0, unhealthy: 0, kept: 0 }, spills: [] },
        { region: 'eu-central-1', nodes: { healthy: 1, draining: 0, unhealthy: 0, kept: 0 }, spills: [] },
        { region: 'ap-southeast-1', load: 0, capacityMbps: 0, headroomMbps: 0, nodes: { healthy: 0 } },
      ],
      nodes: [
        {
          name: 'eu-central-1/node-01',
          region: 'eu-central-1',
          id: 'node-01',
          state: 'healthy',
          cpu: 20,
          bandwidthMbps: 150,
          capacityMbps: 1000,
        },
        { name: 'us-east-1/node-01' },
      ],
    });
    expect(answer).not.toHaveProperty('after');
    const [node] = answer.nodes;
    expect(node).not.toHaveProperty('reason');
    // CPU weighs 0.3 and bandwidth 0.7.
    expect(node?.estimatedLoad).toBeCloseTo(0.3 * 0.2 + 0.7 * 0.15, 6);
    // The load of a region is its scarcest resource, here CPU.
    const eu = answer.regions.find(({ region }) => region === 'eu-central-1');
    expect(eu?.load).toBeCloseTo(0.2, 6);
    expect(eu?.headroomMbps).toBeCloseTo(800, 6);
  });

  test('counts the calls sent to a node since its report', async () => {
    const before = await loadInFrankfurt();
    await request(app.publicApp).post('/v1/ice-servers').set('X-Forwarded-For', '81.2.69.142').expect(200);
    expect(await loadInFrankfurt()).toBeGreaterThan(before);
  });

  test.each<[string, NodeReport, Partial<FleetAnswer['nodes'][number]>]>([
    [
      'an unhealthy node with the result of its own probes',
      { ...figures, public_ip: '192.0.2.9', status: 'unhealthy', probe: { reason: 'no_answer', text: 'x' } },
      { state: 'unhealthy', reason: 'no_answer' },
    ],
    [
      'one that drains',
      { ...figures, public_ip: '192.0.2.9', status: 'draining' },
      { state: 'draining', capacityMbps: 1000 },
    ],
    [
      'one whose reporter restarts',
      { ...figures, public_ip: '192.0.2.9', leaving_seconds: 60 },
      { state: 'healthy', reason: 'leaving', capacityMbps: 1000 },
    ],
    [
      'one that reports more than it can carry',
      { ...figures, public_ip: '192.0.2.9', bandwidth_mbps: 9_000, bandwidth_capacity_mbps: 100 },
      { state: 'healthy', reason: 'beyond_capacity', capacityMbps: 100, bandwidthMbps: 9_000 },
    ],
    [
      'one with a wrong clock',
      {
        ...figures,
        public_ip: '192.0.2.9',
        clock_offset_ms: 660_000,
        bandwidth_mbps: 9_000,
        bandwidth_capacity_mbps: 1,
      },
      { state: 'healthy', reason: 'clock_ahead', clockOffsetMs: 660_000 },
    ],
    [
      'one with another secret',
      { ...figures, public_ip: '192.0.2.9', secret_fingerprints: { newest: 'AAAAAAAAAAAAAAAA' } },
      { state: 'healthy', reason: 'secret_mismatch' },
    ],
    [
      'all that it says of itself',
      {
        ...figures,
        public_ip: '192.0.2.9',
        allocations: 7,
        software: 'Coturn-4.6.1',
        secret_ids: ['first'],
        clock_offset_ms: 12,
      },
      { allocations: 7, software: 'Coturn-4.6.1', secretIds: ['first'], clockOffsetMs: 12 },
    ],
    [
      'texts without what a terminal would obey, and without half a letter',
      {
        ...figures,
        public_ip: '192.0.2.9',
        status: 'unhealthy',
        software: 'a\u001b[31mb',
        probe: { reason: `x\r\n\u2028${'y'.repeat(251)}😀` },
      },
      { software: 'a?[31mb', reason: `x???${'y'.repeat(251)}?` },
    ],
    [
      'a reason that is no text as none',
      { ...figures, public_ip: '192.0.2.9', status: 'unhealthy', probe: { reason: { a: 1 } } },
      { state: 'unhealthy' },
    ],
  ])('shows %s', async (_, report, expected) => {
    await app.useNodes({ 'us-east-1/it': report });
    const { nodes } = await ask();
    expect(nodes).toEqual([expect.objectContaining({ name: 'us-east-1/it', ...expected })]);
    expect(nodes[0]?.reason).toBe(expected.reason);
  });

  test('shows a node of a region outside the policy, and the reason why it gets no calls', async () => {
    await app.useNodes({ ...twoNodes, 'atlantis/x': { ...figures, public_ip: '192.0.2.9' } });
    const { nodes, regions } = await ask('?region=atlantis');
    expect(regions).toMatchObject([{ region: 'atlantis', load: 0, capacityMbps: 0, nodes: { healthy: 1 } }]);
    expect((await ask()).regions.map(({ region }) => region)).toEqual([...Object.keys(policy.regions), 'atlantis']);
    // The region exists even if the page or the filter contains none of its nodes.
    expect(named(await ask('?region=atlantis&after=atlantis/x'))).toEqual([]);
    expect(named(await ask('?region=atlantis&state=draining'))).toEqual([]);
    expect(nodes).toEqual([
      expect.objectContaining({ name: 'atlantis/x', state: 'healthy', reason: 'region_not_in_policy' }),
    ]);
    expect(nodes[0]).not.toHaveProperty('estimatedLoad');
  });

  test('filters by region and by state', async () => {
    await app.useNodes({
      ...twoNodes,
      'us-east-1/gone': { ...figures, public_ip: '192.0.2.9', status: 'draining' },
      'eu-central-1/gone': { ...figures, public_ip: '192.0.2.8', status: 'draining' },
    });
    expect(named(await ask('?region=us-east-1'))).toEqual(['us-east-1/gone', 'us-east-1/node-01']);
    expect((await ask('?region=us-east-1')).regions.map(({ region }) => region)).toEqual(['us-east-1']);
    expect(named(await ask('?state=draining'))).toEqual(['eu-central-1/gone', 'us-east-1/gone']);
    expect(named(await ask('?region=us-east-1&state=draining'))).toEqual(['us-east-1/gone']);
    expect(named(await ask('?state=kept'))).toEqual([]);
  });

  test.each([1, 7, 100, 1000])('gives all 250 nodes once, by name, %i a page', async (limit) => {
    await app.useNodes({ ...nodesOf('us-east-1', 125), ...nodesOf('eu-central-1', 125) });
    const pages: string[][] = [];
    for (let after: string | undefined = ''; after !== undefined && pages.length < 300;) {
      const page = await ask(`?limit=${limit}${after === '' ? '' : `&after=${after}`}`);
      pages.push(named(page));
      ({ after } = page);
    }
    expect(pages.flat()).toEqual([
      ...Object.keys(nodesOf('eu-central-1', 125)),
      ...Object.keys(nodesOf('us-east-1', 125)),
    ]);
    expect(pages).toHaveLength(Math.ceil(250 / limit));
  });

  test.each([
    ['?region=nowhere', 400, /^region: Unknown region: the policy lacks it, and no node reports for it$/],
    ['?region=NO', 400, /^region: /],
    ['?state=well', 400, /^state: .*"healthy"/],
    ['?limit=0', 400, /^limit: /],
    ['?limit=1001', 400, /^limit: /],
    ['?after=x', 400, /^after: Invalid node: expected <region>\/<id>$/],
    ['?colour=red', 400, /colour/],
  ])('rejects %s and names the field', async (query, expected, detail) => {
    const { status, body } = await get(query);
    expect(status).toBe(expected);
    expect(body.detail).toMatch(detail);
  });
});

/** The addresses of the nodes in Frankfurt that 20 calls get. */
async function addressesOfCalls(): Promise<Set<string>> {
  const calls = Array.from({ length: 20 }, () => askForRelays(app, { requireRegion: 'eu-central-1', maxNodes: 2 }));
  const answers = await Promise.all(calls);
  return new Set(answers.flatMap(({ text }) => text.match(/192\.0\.2\.\d+/g) ?? []));
}

describe('proofs from outside', () => {
  const probers: Record<string, NodeReport> = Object.fromEntries(
    ['eu-central-1/a', 'eu-central-1/b', 'us-east-1/x', 'us-east-1/y'].map((name, index) => [
      name,
      { ...figures, public_ip: `192.0.2.${index}`, zone: `${index}`, probes_others: true },
    ]),
  );
  const target = 'eu-central-1/a';
  const others = Object.keys(probers).filter((name) => name !== target);

  /** Lets a minute and a half pass, in which the others say this about the target. */
  async function probe(...paths: readonly ProofPath[]): Promise<void> {
    for (let round = 0; round < 18; round += 1) {
      if (round % 6 === 0) for (const prober of others) app.proofs.say(prober, target, ...paths);
      await app.refreshProofs();
      app.monotonicClock.advance(5_000);
    }
  }

  test('a refuted node has its reason, its verdict and its proofs, and gets no calls until it is reached again', async () => {
    await app.useNodes(probers);
    await probe(udpWorks);
    expect(await ask(`?region=eu-central-1`)).toMatchObject({
      nodes: [{ name: target, state: 'healthy', verdict: { state: 'proven', text: 'reached' } }, {}],
      roundTrips: [
        { from: 'eu-central-1', to: 'eu-central-1', roundTripMs: 20, proofs: 1 },
        { from: 'us-east-1', to: 'eu-central-1', roundTripMs: 20, proofs: 2 },
      ],
    });
    const both = new Set(['192.0.2.0', '192.0.2.1']);
    expect(await addressesOfCalls()).toEqual(both);
    expect(app.routing.countNodes()).toBe(4);
    await probe(udpFails);
    const text = 'unreachable_from_outside (3 of 3: udp 3478 timeout)';
    const [node] = (await ask()).nodes;
    expect(node).toMatchObject({
      name: target,
      state: 'healthy',
      reason: text,
      verdict: { state: 'refuted', text },
      proofs: others.map((by) => ({ by, ok: false, reason: 'udp 3478 timeout', ageMs: 30_000 })),
    });
    expect(app.routing.countNodes()).toBe(3);
    expect(app.routing.nodeStatus(target)?.exclusion).toBe('unreachable_from_outside');
    expect(await addressesOfCalls()).toEqual(new Set(['192.0.2.1']));
    await probe(udpWorks);
    expect(app.routing.countNodes()).toBe(4);
    expect((await ask()).nodes[0]).not.toHaveProperty('reason');
    expect(await addressesOfCalls()).toEqual(both);
    const events = app.logLines().filter(({ node: name }) => name === target);
    expect(events).toEqual([
      expect.objectContaining({ event: 'node.refuted', level: 40, reason: text }),
      expect.objectContaining({ event: 'node.reached_again' }),
    ]);
  });
});
