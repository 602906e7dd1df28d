import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { nodeProofKey, type NodeKey, type NodeReport } from '@turn-router/contract/registry';
import { probeLimits } from '@turn-router/outside-proof';
import { eventually, freePort, makeCertificate, startCoturn, temporaryDirectory } from '@turn-router/testing';
import type { CoturnServer, TemporaryDirectory } from '@turn-router/testing';
import { fingerprintsOf, type KeyRing } from '@turn-router/turn-credentials';
import { pino } from 'pino';
import { waitMs } from '../system/wait.ts';
import { runOutsideProofs } from './outside-proofs.ts';
import { createProofWatch } from './proof-watch.ts';
import { provePath } from './prove-path.ts';
import { createProber } from './prober.ts';
import { createScriptedRegistry } from './scripted-world.fixture.ts';

const secret = 'north';
const keyRing: KeyRing = { keys: [{ id: 'north', secret }] };
const here: NodeKey = { region: 'fra', id: 'here' };
const there: NodeKey = { region: 'iad', id: 'there' };

let directory: TemporaryDirectory;
let certificate: string;
let coturn: CoturnServer;

beforeAll(async () => {
  directory = await temporaryDirectory('outside');
  const made = await makeCertificate(directory.path, 'turn.test');
  ({ certificate } = made);
  const config = ['listening-ip=::1', 'relay-ip=::1'];
  coturn = await startCoturn({ secrets: [secret], tls: { port: await freePort(), ...made }, config });
});

afterAll(async () => {
  await coturn?.stop();
  await directory?.[Symbol.asyncDispose]();
});

function proberOf(self: NodeKey, ring: KeyRing, timeoutMs = 30_000) {
  return createProber({
    self,
    keyRingOf: () => ring,
    askCredential: () => Promise.resolve(undefined),
    rules: { allowsLoopback: true },
    lookup: async (name) => (name === 'turn.test' ? ['127.0.0.1', '::1'] : []),
    provePath,
    timeoutMs,
    caCertificates: certificate,
    clock: { nowMs: Date.now },
    random: () => 0.5,
    logger: pino({ level: 'silent' }),
  });
}

const reportOf = ({ address, port, tlsPort }: CoturnServer, fields: Partial<NodeReport> = {}): NodeReport => ({
  status: 'healthy',
  cpu: 1,
  bandwidth_mbps: 1,
  port,
  public_ip: address,
  ...(tlsPort !== undefined && { tls_port: tlsPort }),
  ...fields,
});

async function pathsOf(ring: KeyRing, report: NodeReport, timeoutMs?: number) {
  const proof = await proberOf(here, ring, timeoutMs).probe(there, report, {
    signal: new AbortController().signal,
    mayUseOwnKeys: true,
  });
  return proof.paths.map(({ transport, family, ok, reason }) =>
    [transport, family, ok ? 'ok' : 'failed', reason ?? ''].join(' ').trimEnd(),
  );
}

describe('the proof of a real coturn', () => {
  test('covers each transport and family that callers get', async () => {
    const hostname = 'turn.test';
    const report = reportOf(coturn, { public_ipv6: '::1', hostname, transports: ['udp', 'tcp', 'tls'] });
    expect(await pathsOf(keyRing, report)).toEqual([
      'udp ipv4 ok',
      'udp ipv6 ok',
      'tcp ipv4 ok',
      'tls ipv4 ok',
      'tls ipv6 ok',
    ]);
  });

  test('fails only over the family that is broken', async () => {
    await using turn = await startCoturn({ secrets: [secret] });
    const report = reportOf(turn, { public_ipv6: '::1', transports: ['udp'] });
    expect(await pathsOf(keyRing, report, 3_000)).toEqual(['udp ipv4 ok', 'udp ipv6 failed unreachable']);
  });

  test.each<[line: string, ring: string, paths: string[]]>([
    ['denied-peer-ip=127.0.0.1', 'north', ['udp ipv4 ok peer_forbidden', 'tcp ipv4 ok peer_forbidden']],
    [
      'external-ip=127.0.0.9/127.0.0.1',
      'north',
      ['udp ipv4 failed wrong_relay_address', 'tcp ipv4 failed wrong_relay_address'],
    ],
    ['no-stun', 'north', ['udp ipv4 ok no_stun', 'tcp ipv4 ok no_stun']],
    ['secure-stun', 'north', ['udp ipv4 ok no_stun', 'tcp ipv4 ok no_stun']],
    ['no-stun', 'south', ['udp ipv4 ok no_stun', 'tcp ipv4 ok no_stun']],
    ['secure-stun', 'south', ['udp ipv4 ok no_stun', 'tcp ipv4 ok no_stun']],
    ['fingerprint', 'south', ['udp ipv4 ok binding_only', 'tcp ipv4 ok binding_only']],
  ])('with %s and the key of %s', async (line, ring, paths) => {
    await using turn = await startCoturn({ secrets: [secret], config: [line] });
    const keys: KeyRing = { keys: [{ id: ring, secret: ring }] };
    expect(await pathsOf(keys, reportOf(turn), 9_000)).toEqual(paths);
  });
});

test('two nodes prove each other in rounds, until one of them is gone', async () => {
  await using other = await startCoturn({ secrets: [secret] });
  const registry = createScriptedRegistry([here, there]);
  const secret_fingerprints = Object.fromEntries(fingerprintsOf(keyRing));
  for (const [key, turn] of [
    [here, coturn],
    [there, other],
  ] as const) {
    const report = reportOf(turn, { probes_others: true, transports: ['udp'], secret_fingerprints });
    registry.records.set(`${key.region}/${key.id}`, { key, report });
  }
  const stop = new AbortController();
  const rounds = [here, there].map((self) =>
    runOutsideProofs(stop.signal, {
      self,
      ownFingerprints: new Set(fingerprintsOf(keyRing).values()),
      registry,
      prober: proberOf(self, keyRing, 1_500),
      lookup: () => Promise.resolve([]),
      limits: { ...probeLimits, everyMs: 500 },
      clock: { monotonicMs: () => performance.now() },
      random: Math.random,
      wait: waitMs,
      watch: createProofWatch(pino({ level: 'silent' })),
    }),
  );
  const seen = (target: NodeKey, prober: NodeKey) =>
    registry.proofs.get(nodeProofKey(target, prober))?.paths.map(({ ok }) => ok);
  expect(
    await eventually('both proofs', () => seen(here, there)?.[0] === true && seen(there, here)?.[0] === true),
  ).toBe(true);
  await other.stop();
  expect(await eventually('a proof that fails', () => seen(there, here)?.[0] === false)).toBe(true);
  expect(seen(here, there)).toEqual([true]);
  stop.abort();
  await Promise.all(rounds);
});
