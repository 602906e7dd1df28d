import { describe, expect, test } from '@jest/globals';
import { nodeProofSchema, type NodeReport } from '@turn-router/contract/registry';
import { secretFingerprint, type KeyRing, type TurnCredential } from '@turn-router/turn-credentials';
import { pino } from 'pino';
import { createProber } from './prober.ts';
import type { PathProofOptions, PathResult } from './prove-path.ts';

const report: NodeReport = {
  status: 'healthy',
  cpu: 1,
  bandwidth_mbps: 1,
  port: 3478,
  public_ip: '192.0.2.1',
  transports: ['udp'],
};
const target = (id: string) => ({ region: 'fra', id });
const keyRing: KeyRing = {
  keys: [
    { id: 'new', secret: 'south' },
    { id: 'old', secret: 'north' },
  ],
};
const { signal } = new AbortController();

type Attempt = { readonly node: string; readonly user: string | undefined; readonly options: PathProofOptions };

/** A prober whose paths answer by a script: the attempt and its number give the result. */
function scriptedProber(answer: (attempt: Attempt, number: number) => PathResult, credential?: TurnCredential) {
  const attempts: Attempt[] = [];
  const asked: string[] = [];
  const logged: { event: string }[] = [];
  const prober = createProber({
    self: { region: 'iad', id: 'me' },
    keyRingOf: () => keyRing,
    askCredential: ({ id }) => {
      asked.push(id);
      return Promise.resolve(credential);
    },
    rules: { allowsLoopback: false },
    lookup: () => Promise.resolve([]),
    provePath: ({ address = '' }, options) => {
      const attempt = { node: address, user: options.credentials?.username, options };
      attempts.push(attempt);
      return Promise.resolve(answer(attempt, attempts.length));
    },
    timeoutMs: 3_000,
    clock: { nowMs: () => 1_000_000 },
    random: () => 0.5,
    logger: pino({ base: null }, { write: (line: string) => logged.push(JSON.parse(line)) }),
  });
  const probe = async (id: string, fields: Partial<NodeReport> = {}, mayUseOwnKeys = true) =>
    prober.probe(target(id), { ...report, ...fields }, { signal, mayUseOwnKeys });
  return { prober, probe, attempts, asked, logged };
}

describe('a proof', () => {
  test('has the result of each path, the median of its last ten round trips, and a number that grows', async () => {
    const { probe } = scriptedProber((_, number) => ({ ok: true, roundTripMs: number <= 5 ? 200 : 10.04 }));
    const proofs = [];
    for (let count = 0; count < 12; count += 1) proofs.push(await probe('one'));
    expect(proofs.map(({ paths }) => paths[0]?.roundTripMs)).toEqual([
      200, 200, 200, 200, 200, 200, 200, 200, 200, 105, 10, 10,
    ]);
    expect(proofs[0]).toEqual({
      at: 2 ** 31 + 1,
      paths: [{ transport: 'udp', family: 'ipv4', port: 3478, ok: true, roundTripMs: 200 }],
    });
    expect(proofs.map(({ at }) => at - 2 ** 31)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  test.each([
    [{ ok: true, reason: 'no_stun', roundTripMs: 1e9 }],
    [{ ok: false, reason: 'timeout', roundTripMs: -5 }],
    [{ ok: false, reason: 'wrong_relay_address' }],
  ] as const)('of %j fits the contract', async (result) => {
    const proof = await scriptedProber(() => result).probe('one', { public_ipv6: '2001:db8::1' });
    expect(nodeProofSchema.safeParse(proof)).toMatchObject({ success: true });
    expect(proof.paths).toHaveLength(2);
  });

  test('does not mix the round trips of two nodes, and forgets nodes that are no targets', async () => {
    const { probe, prober } = scriptedProber((_, number) => ({ ok: true, roundTripMs: number * 100 }));
    await probe('one');
    expect((await probe('two')).paths[0]?.roundTripMs).toBe(200);
    expect((await probe('one')).paths[0]?.roundTripMs).toBe(200);
    prober.retain([target('two')]);
    expect((await probe('one')).paths[0]?.roundTripMs).toBe(400);
  });
});

describe('the credential of a probe', () => {
  test('is signed with a key that the node accepts, and has one user for each path', async () => {
    const { probe, attempts } = scriptedProber(() => ({ ok: true }));
    await probe('one', { secret_ids: ['old'], public_ipv6: '2001:db8::1' });
    expect(attempts.map(({ user }) => user)).toEqual(['1060:outside-iad-me-udp-ipv4', '1060:outside-iad-me-udp-ipv6']);
    const [signedOld] = attempts;
    await probe('one');
    expect(attempts[2]?.options.credentials).not.toEqual(signedOld?.options.credentials);
  });

  test('that every node refuses says nothing: Bindings only, said once', async () => {
    const { probe, logged } = scriptedProber(({ user }) =>
      user === undefined ? { ok: true, reason: 'binding_only' } : { ok: false, reason: 'credentials_refused' },
    );
    for (const id of ['one', 'two', 'one']) {
      expect(await probe(id)).toMatchObject({ paths: [{ ok: true, reason: 'binding_only' }] });
    }
    expect(logged).toEqual([
      expect.objectContaining({
        event: 'outside.keys_refused',
        msg: 'other nodes refuse the keys of this reporter, or do not share them: probing them with Binding requests only',
      }),
    ]);
  });

  test('that the registry gives is used where a node refuses the keys, and asked for once in a probe', async () => {
    const given = { username: '1060:router', credential: 'signed by the router' };
    const { probe, asked, logged } = scriptedProber(
      ({ user }) => (user === given.username ? { ok: true } : { ok: false, reason: 'credentials_refused' }),
      given,
    );
    const paths = [{ ok: true }, { ok: true }];
    expect(await probe('one', { public_ipv6: '2001:db8::1' })).toMatchObject({ paths });
    expect(asked).toEqual(['one']);
    expect(logged).toEqual([]);
  });

  test('that only one node refuses, and another accepts, refutes that node', async () => {
    const { probe, logged } = scriptedProber(({ node }) =>
      node === '192.0.2.2' ? { ok: false, reason: 'credentials_refused' } : { ok: true },
    );
    await probe('good');
    expect(await probe('bad', { public_ip: '192.0.2.2' })).toMatchObject({
      paths: [{ ok: false, reason: 'credentials_refused' }],
    });
    expect(logged).toEqual([]);
  });

  test('permits relayed addresses of callers only', async () => {
    const { probe, attempts } = scriptedProber(() => ({ ok: true }));
    await probe('one');
    const isPermitted = (address: string, port: number) =>
      attempts[0]?.options.isRelayPermitted({ address, port, family: 'IPv4' });
    expect(isPermitted('192.0.2.1', 50_000)).toBe(true);
    expect(isPermitted('127.0.0.1', 50_000)).toBe(false);
    expect(isPermitted('192.0.2.1', 53)).toBe(false);
  });
});

test('keys whose fingerprints differ from the node’s are never tried', async () => {
  const { probe, attempts, asked } = scriptedProber(() => ({ ok: true, reason: 'binding_only' }));
  await probe('one', { secret_ids: ['new'], secret_fingerprints: { new: secretFingerprint('"south"') } });
  expect(asked).toEqual(['one']);
  expect(attempts.map(({ user }) => user)).toEqual([undefined]);
});

describe('without permission for own keys, a node whose record copies their fingerprints', () => {
  const copied = { secret_ids: ['new'], secret_fingerprints: { new: secretFingerprint('south') } };

  test('is probed with a credential that the registry gives', async () => {
    const given = { username: '1060:router', credential: 'signed by the router' };
    const { probe, attempts, asked } = scriptedProber(() => ({ ok: true }), given);
    await probe('copier', copied, false);
    expect(asked).toEqual(['copier']);
    expect(attempts.map(({ options }) => options.credentials)).toEqual([given]);
  });

  test('gets Binding requests only if there is no credential', async () => {
    const { probe, attempts } = scriptedProber(() => ({ ok: true, reason: 'binding_only' }));
    await probe('copier', copied, false);
    await probe('older', {}, false);
    expect(attempts.map(({ user }) => user)).toEqual([undefined, undefined]);
  });
});
