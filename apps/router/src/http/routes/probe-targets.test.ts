import { describe, expect, test } from '@jest/globals';
import { probeTargetsAnswerSchema } from '@turn-router/contract/http';
import type { NodeReport } from '@turn-router/contract/registry';
import { createMemoryRegistry } from '@turn-router/registry';
import { createTestApp, figures, invalidRequest, twoNodes } from '../../compose/test-app.fixture.ts';
import { fleetOf, proberOf } from './probers.fixture.ts';

const prober = 'us-east-1/node-01';

const full: NodeReport = {
  ...figures,
  public_ip: '192.0.2.50',
  public_ipv6: '2001:db8::50',
  hostname: 'turn.example.org',
  tls_port: 443,
  transports: ['udp', 'tls'],
  secret_ids: ['newest'],
  secret_fingerprints: { newest: 'abcdefghijklmnop' },
  probes_others: true,
};

/** Fields of which probers need nothing. */
const inside: Partial<NodeReport> = {
  allocations: 7,
  allocations_started: 9,
  bandwidth_capacity_mbps: 1_000,
  software: 'Coturn-4.17.2',
  probe: { udp: 'ok' },
  load: { open_files: 12 },
  boot_id: 'x',
  clock_offset_ms: 3,
  weight: 2,
};

const { status: _status, cpu: _cpu, bandwidth_mbps: _mbps, ...published } = full;

describe('the targets of a prober', () => {
  test('are what all records publish for callers, and nothing else', async () => {
    await using app = await createTestApp({ nodes: { ...twoNodes, 'eu-central-1/node-01': { ...full, ...inside } } });
    const { status, headers, body } = await proberOf(app, prober).targets();
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'application/json; charset=utf-8',
      'no-store',
    ]);
    expect(body).toEqual({
      nodes: [
        { node: 'eu-central-1/node-01', published },
        { node: prober, published: { port: 3478, public_ip: '192.0.2.60' } },
      ],
    });
    const one = await proberOf(app, prober).target('eu-central-1/node-01');
    expect([one.status, one.body]).toEqual([200, published]);
  });

  test.each(['draining', 'unhealthy'] as const)('include a node that is %s, as in Redis', async (status) => {
    await using app = await createTestApp({ nodes: { 'eu-central-1/node-01': { ...full, status } } });
    expect((await proberOf(app, prober).targets()).body.nodes).toHaveLength(1);
  });

  test('come in pages, sorted by name', async () => {
    const nodes = fleetOf(2_500);
    await using app = await createTestApp({ nodes });
    const seen: string[] = [];
    const sizes: number[] = [];
    let after: string | undefined;
    do {
      const { text } = await proberOf(app, prober).targets(after === undefined ? '' : `?after=${after}`);
      const page = probeTargetsAnswerSchema.parse(JSON.parse(text));
      expect(text.length).toBeLessThan(300_000);
      seen.push(...page.nodes.map(({ node }) => node));
      sizes.push(page.nodes.length);
      after = page.after;
    } while (after !== undefined);
    expect(sizes).toEqual([1_000, 1_000, 500]);
    expect(seen).toEqual(Object.keys(nodes).toSorted());
  });

  test('are empty after the last name, and without nodes', async () => {
    await using app = await createTestApp({ nodes: fleetOf(2) });
    expect((await proberOf(app, prober).targets('?after=z/z')).body).toEqual({ nodes: [] });
    await using empty = await createTestApp({ nodes: {} });
    expect((await proberOf(empty, prober).targets()).body).toEqual({ nodes: [] });
  });

  test('show a node that has moved or left after a second at the latest', async () => {
    await using app = await createTestApp({ nodes: fleetOf(2) });
    const { target } = proberOf(app, prober);
    expect((await target('us-east-1/node-1')).body.public_ip).toBe('192.0.0.2');
    await app.useNodes({ 'us-east-1/node-1': { ...figures, public_ip: '192.0.0.99' } });
    app.monotonicClock.advance(1_000);
    expect((await target('us-east-1/node-1')).body.public_ip).toBe('192.0.0.99');
    const { status, body } = await target('eu-central-1/node-0');
    expect([status, body.code, body.detail]).toEqual([404, 'unknown_node', 'No record of eu-central-1/node-0']);
  });

  test.each<[query: string, field: string]>([
    ['?after=x', 'after'],
    ['?after=A/b', 'after'],
    ['?after=a/b&after=a/c', 'after'],
    ['?limit=5', 'limit'],
  ])('%s is refused', async (query, field) => {
    await using app = await createTestApp();
    const { status, body } = await proberOf(app, prober).targets(query);
    expect([status, body.code, body.errors[0].field]).toEqual([400, 'invalid_request', field]);
  });

  test('an invalid name of a target is refused', async () => {
    await using app = await createTestApp();
    const answer = await proberOf(app, prober).target('EU/node');
    const names = 'expected 1–63 characters of a–z, 0–9 and "-", not starting with "-"';
    expect(answer.body).toEqual(invalidRequest(answer, [['targetRegion', `Invalid region name: ${names}`]]));
  });

  test('do not exist without a REPORTER_TOKEN', async () => {
    await using app = await createTestApp({ reporterToken: null, registry: createMemoryRegistry(() => 0) });
    const { targets, target, put, read, credential } = proberOf(app, prober);
    const answers = [
      await targets(),
      await target(prober),
      await put(prober),
      await read({}),
      await credential(prober),
    ];
    expect(answers.map(({ status, body }) => `${status} ${body.code}`)).toEqual(Array(5).fill('404 not_found'));
  });
});

test('a token of a node is valid for this prober only', async () => {
  await using app = await createTestApp({ nodes: fleetOf(3) });
  const own = proberOf(app, 'us-east-1/node-1');
  const other = proberOf(app, 'us-east-1/node-1', 'the-token-of-another-node');
  const target = 'eu-central-1/node-0';
  const calls = (by: typeof own) =>
    Promise.all([by.targets(), by.target(target), by.put(target), by.read({ proofs: [] }), by.credential(target)]);
  expect((await calls(own)).map(({ status }) => status)).toEqual([200, 200, 204, 200, 200]);
  expect((await calls(other)).map(({ status, body }) => `${status} ${body.code}`)).toEqual(
    Array(5).fill('401 unauthorized'),
  );
  expect(await app.findLeaks()).toEqual([]);
});
