import {
  nodeNameFromKey,
  nodeProofKey,
  type NodeKey,
  type NodeProof,
  type NodeReport,
} from '@turn-router/contract/registry';
import { probeLimits } from '@turn-router/outside-proof';
import { RegistryError } from '@turn-router/registry';
import { fingerprintsOf, type KeyRing } from '@turn-router/turn-credentials';
import { pino } from 'pino';
import { createVirtualTime } from '../system/virtual-time.fixture.ts';
import type { Lookup } from './dialled-path.ts';
import { runOutsideProofs } from './outside-proofs.ts';
import type { ProofRegistry } from '../publish/proof-registry.ts';
import { createProofWatch } from './proof-watch.ts';
import type { ProvePath } from './prove-path.ts';
import { createProber } from './prober.ts';

/** The keys of all nodes. */
const sharedKeys: KeyRing = { keys: [{ id: 'north', secret: 'north' }] };

/** Returns nodes such as `fra/fra-0`. */
export function nodesOf(sizes: Readonly<Record<string, number>>): NodeKey[] {
  return Object.entries(sizes).flatMap(([region, size]) =>
    Array.from({ length: size }, (_, index) => ({ region, id: `${region}-${index}` })),
  );
}

type Call = Exclude<keyof ProofRegistry, 'probeCredential' | 'isOnLoopback'>;

/** A registry in memory that counts its calls. While `refuses` is set, it refuses each call with that text, or only those of `refusedCall`. */
export type ScriptedRegistry = ProofRegistry & {
  readonly records: Map<string, { key: NodeKey; report: NodeReport }>;
  readonly proofs: Map<string, NodeProof>;
  readonly calls: Record<Call, number>;
  refuses: string | undefined;
  refusedCall: Call | undefined;
};

/** @param addressOf the published address of each node */
export function createScriptedRegistry(
  nodes: readonly NodeKey[],
  addressOf = (index: number) => `198.51.${100 + Math.floor(index / 250)}.${index % 250}`,
): ScriptedRegistry {
  const figures = { status: 'healthy', cpu: 1, bandwidth_mbps: 1, port: 3478, probes_others: true } as const;
  const report = { ...figures, secret_fingerprints: Object.fromEntries(fingerprintsOf(sharedKeys)) };
  const calls = { readNodes: 0, readNode: 0, readProofs: 0, putProof: 0 };
  const count = (name: Call) => {
    calls[name] += 1;
    const { refuses, refusedCall = name } = registry;
    if (refuses !== undefined && name === refusedCall)
      throw new RegistryError('refused', refuses, { fault: 'no_permission' });
  };
  const registry: ScriptedRegistry = {
    isOnLoopback: false,
    refuses: undefined,
    refusedCall: undefined,
    calls,
    proofs: new Map(),
    records: new Map(
      nodes.map((key, index) => [
        nodeNameFromKey(key),
        { key, report: { ...report, public_ip: addressOf(index), transports: ['udp'] } },
      ]),
    ),
    async readNodes() {
      count('readNodes');
      return [...registry.records.values()];
    },
    async readNode(key) {
      count('readNode');
      return registry.records.get(nodeNameFromKey(key))?.report;
    },
    async readProofs(keys) {
      count('readProofs');
      return keys.map(({ target, prober }) => registry.proofs.get(nodeProofKey(target, prober)));
    },
    async putProof({ target, prober }, proof) {
      count('putProof');
      registry.proofs.set(nodeProofKey(target, prober), proof);
    },
  };
  return registry;
}

/** What the probers do: each probe with its time, its prober, the address that it dials, and whether it has a credential. */
export type ProbeLog = {
  readonly atMs: number;
  readonly by: string;
  readonly address: string;
  readonly hasCredential: boolean;
}[];

export type WorldOptions = {
  readonly random: () => number;
  readonly isDead?: (address: string, by: string) => boolean;
  /** The addresses of host names. */
  readonly addressesOf?: Readonly<Record<string, readonly string[]>>;
};

/** Runs a prober for each of these nodes in virtual time, with addresses that always answer unless `isDead` says otherwise. */
export function startWorld(
  probers: readonly NodeKey[],
  registry: ScriptedRegistry,
  { random, isDead = () => false, addressesOf = {} }: WorldOptions,
) {
  const time = createVirtualTime();
  const stop = new AbortController();
  const probes: ProbeLog = [];
  const logged: { event: string }[] = [];
  const logger = pino({ level: 'debug', base: null }, { write: (line: string) => logged.push(JSON.parse(line)) });

  const lookup: Lookup = (name) => {
    const addresses = addressesOf[name];
    return addresses === undefined ? Promise.reject(new Error('no such name')) : Promise.resolve(addresses);
  };
  const runs = probers.map((self) => {
    const by = nodeNameFromKey(self);
    const provePath: ProvePath = ({ address = '' }, { credentials }) => {
      probes.push({ atMs: time.nowMs(), by, address, hasCredential: credentials !== undefined });
      return Promise.resolve(isDead(address, by) ? { ok: false, reason: 'timeout' } : { ok: true, roundTripMs: 20 });
    };
    const prober = createProber({
      self,
      keyRingOf: () => sharedKeys,
      askCredential: () => Promise.resolve(undefined),
      rules: { allowsLoopback: false },
      lookup,
      provePath,
      timeoutMs: 3_000,
      clock: time,
      random,
      logger,
    });
    const clock = { monotonicMs: time.nowMs };
    const watch = createProofWatch(logger);
    const ownFingerprints = new Set(fingerprintsOf(sharedKeys).values());
    const common = {
      self,
      ownFingerprints,
      registry,
      prober,
      lookup,
      limits: probeLimits,
      clock,
      random,
      wait: time.wait,
      watch,
    };
    return runOutsideProofs(stop.signal, common);
  });
  return {
    time,
    probes,
    logged,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await time.runUntil(time.nowMs() + 2 * probeLimits.everyMs);
      await Promise.all(runs);
    },
  };
}
