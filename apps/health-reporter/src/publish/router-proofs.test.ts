import { problemType } from '@turn-router/contract/http';
import type { NodeKey, NodeProof, NodeProofKey, NodeReport } from '@turn-router/contract/registry';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  eventually,
  freePort,
  startCoturn,
  startParts,
  startRouter,
  temporaryDirectory,
  type CoturnServer,
} from '@turn-router/testing';
import { allocateAndRelease } from '@turn-router/stun';
import { nodeKeyRing, nodeToken } from '@turn-router/turn-credentials';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { createRouterProofs } from './router-proofs.ts';
import { createRouterPublisher } from './router-publisher.ts';

const reporterToken = 'reporter-token-of-2026';
const master = { keys: [{ id: 'first', secret: 'master-secret-of-2026' }] } as const;
const policy =
  'defaultRegion: eu\nregions:\n  eu: {location: [50.11, 8.68]}\n  us: {location: [38.95, -77.45]}\n' +
  'nodes: {allowAddresses: [127.0.0.0/8]}\n';
const here: NodeKey = { region: 'eu', id: 'node-1' };
const there: NodeKey = { region: 'us', id: 'node-2' };
const proof: NodeProof = {
  paths: [{ transport: 'udp', family: 'ipv4', port: 3478, ok: false, reason: 'timeout' }],
  at: 7,
};

function startStage() {
  return startParts(async (add) => {
    const directory = add(await temporaryDirectory('router-proofs'));
    const policyFile = join(directory.path, 'policy.yaml');
    await writeFile(policyFile, policy);
    const coturn = add(await startCoturn({ secrets: [nodeKeyRing(master, 'us/node-2').keys[0].secret] }));
    const router = add(
      await startRouter({
        policyFile,
        turnSecrets: `first=${master.keys[0].secret}`,
        reporterToken,
        environment: { TURN_SECRET_MODE: 'per-node' },
      }),
    );
    return { router, coturn };
  });
}

const reportOf = ({ address, port }: CoturnServer): NodeReport => ({
  status: 'healthy',
  cpu: 20,
  bandwidth_mbps: 150,
  port,
  public_ip: address,
  probes_others: true,
});

let stage: Awaited<ReturnType<typeof startStage>>;
beforeAll(async () => {
  stage = await startStage();
  for (const key of [here, there]) await publisherOf(key).put(key, reportOf(stage.coturn), 300_000);
  await eventually('the router to know both nodes', async () => (await proofsOf(here).readNodes()).length === 2);
});
afterAll(async () => stage[Symbol.asyncDispose]());

const accessOf = ({ region, id }: NodeKey) => ({
  url: stage.router.url,
  token: nodeToken(reporterToken, `${region}/${id}`),
  timeoutMs: 60_000,
});
const publisherOf = (key: NodeKey) => createRouterPublisher(accessOf(key));
const proofsOf = (key: NodeKey) => createRouterProofs(accessOf(key), key);

const longKey = (index: number): NodeProofKey => ({
  target: { region: 'r'.repeat(63), id: `${'n'.repeat(60)}${index}` },
  prober: { region: 'p'.repeat(63), id: 'q'.repeat(63) },
});

describe('a prober with a router in place of Redis', () => {
  test('reads what the records publish, all together and one by one', async () => {
    const { port } = stage.coturn;
    const published = { port, public_ip: '127.0.0.1', probes_others: true };
    expect(await proofsOf(here).readNodes()).toEqual([
      { key: here, report: published },
      { key: there, report: published },
    ]);
    expect(await proofsOf(here).readNode(there)).toEqual(published);
    expect(await proofsOf(here).readNode({ region: 'us', id: 'gone' })).toBeUndefined();
    expect(proofsOf(here).isOnLoopback).toBe(true);
  });

  test('stores its proofs, and reads those of others in the order of the keys', async () => {
    await proofsOf(here).putProof({ target: there, prober: here }, proof, 90_000);
    const missing = { target: here, prober: there };
    expect(await proofsOf(there).readProofs([missing, { target: there, prober: here }, missing])).toEqual([
      undefined,
      proof,
      undefined,
    ]);
    expect(await proofsOf(there).readProofs([])).toEqual([]);
  });

  test('reads any number of proofs, also with the longest names', async () => {
    const own: NodeProofKey = { target: there, prober: here };
    await proofsOf(here).putProof(own, proof, 90_000);
    const keys = [
      ...Array.from({ length: 40 }, (_, index) => longKey(index)),
      ...Array.from({ length: 150 }, () => own),
    ];
    const found = await proofsOf(here).readProofs(keys);
    expect(found.map((each) => each?.at)).toEqual([
      ...Array.from({ length: 40 }, () => undefined),
      ...Array.from({ length: 150 }, () => 7),
    ]);
  });

  test('gets a credential that the real coturn of the target accepts', async () => {
    const credentials = await proofsOf(here).probeCredential(there);
    expect(credentials.username).toMatch(/^\d+:probe-eu-node-1$/);
    const { address: host, port } = stage.coturn;
    const grant = await allocateAndRelease({ host, port, transport: 'udp' }, credentials, { timeoutMs: 60_000 });
    expect(grant.relayedAddress.address).toBe('127.0.0.1');
  });

  test('does not mind that a node leaves before its proof is stored', async () => {
    const left = { target: { region: 'us', id: 'gone' }, prober: here };
    await expect(proofsOf(here).putProof(left, proof, 90_000)).resolves.toBeUndefined();
    expect(await proofsOf(there).readProofs([left])).toEqual([undefined]);
  });

  test('is refused a credential for a node that it does not probe, and with the token of another node', async () => {
    await expect(proofsOf(here).probeCredential(here)).rejects.toMatchObject({
      code: 'refused',
      message: 'the router answered 403 (target_forbidden: target: eu/node-1 is no prober of eu/node-1)',
    });
    const other = createRouterProofs(accessOf(there), here);
    await expect(other.readNodes()).rejects.toMatchObject({ code: 'refused', problem: 'unauthorized' });
  });
});

/** Starts a server that answers every request with this status and text. */
async function startAnswering(status: number, text: string) {
  const server = createServer((_, response) => response.writeHead(status).end(text));
  const port = await freePort();
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return {
    proofs: createRouterProofs({ url: `http://127.0.0.1:${port}`, token: 't', timeoutMs: 60_000 }, here),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

const problem = (code: string, status: number, detail: string) =>
  JSON.stringify({ type: problemType('not_found'), title: '', status, detail, code, requestId: 'x' });

test.each([
  [
    'of an older version',
    404,
    problem('not_found', 404, 'No path'),
    'other',
    'the router answered 404 (not_found: No path)',
  ],
  [
    'that may not use proofs',
    403,
    problem('proofs_forbidden', 403, 'No'),
    'no_permission',
    'the router answered 403 (proofs_forbidden: No)',
  ],
  ['of another program', 200, '<html>', 'bad_reply', "the router's answer is malformed"],
  ['that leaves fields out', 200, '{}', 'bad_reply', "the router's answer is malformed"],
  ['that sends too much', 200, 'x'.repeat(4_000_001), 'bad_reply', "the router's answer is too long"],
])('a router %s refuses each call', async (_what, status, text, fault, message) => {
  await using stub = await startAnswering(status, text);
  const { proofs } = stub;
  const calls = [
    proofs.readNodes(),
    proofs.readProofs([{ target: there, prober: here }]),
    proofs.probeCredential(there),
    ...(status === 200 ? [] : [proofs.readNode(there), proofs.putProof({ target: there, prober: here }, proof, 1)]),
  ];
  for (const outcome of await Promise.allSettled(calls)) {
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { name: 'RegistryError', code: 'refused', fault, message },
    });
  }
});

test('a router that always has one more page does not keep the prober reading', async () => {
  const page = {
    nodes: [{ node: 'eu/node-1', published: { port: 3478, public_ip: '192.0.2.1' } }],
    after: 'eu/node-1',
  };
  await using stub = await startAnswering(200, JSON.stringify(page));
  expect(await stub.proofs.readNodes()).toHaveLength(100);
});

test.each([
  ['http://127.0.0.1:8080', true],
  ['http://localhost:8080/turn', true],
  ['http://[::1]:8080', true],
  ['https://router.example.org', false],
  ['http://10.0.0.1:8080', false],
  ['https://127.0.0.1.example.org', false],
])('%s: the router is on this host: %s', (url, isOnLoopback) => {
  expect(createRouterProofs({ url, token: 't', timeoutMs: 1 }, here)).toMatchObject({ isOnLoopback });
});
