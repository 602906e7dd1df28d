import {
  nodeNameFromKey,
  proofPathName,
  type NodeKey,
  type NodeProof,
  type ProofPath,
  type PublishedReport,
} from '@turn-router/contract/registry';
import {
  issueCredential,
  matchKeys,
  type KeyRing,
  type SigningKey,
  type TurnCredential,
} from '@turn-router/turn-credentials';
import type { Logger } from '../logger.ts';
import type { Clock } from '../system/clock.ts';
import { dialledPaths, type DialledPath, type Lookup } from './dialled-path.ts';
import { createKeyEvidence } from './key-evidence.ts';
import { isPermittedTarget, type AddressRules } from './permitted-address.ts';
import type { PathProofOptions, PathResult, ProvePath } from './prove-path.ts';
import { publishedPaths } from './published-path.ts';
import { createRoundTrips } from './round-trips.ts';

export type ProberOptions = {
  readonly self: NodeKey;
  /** The keys of a node's TURN server, as far as this program has them. */
  readonly keyRingOf: (node: string) => KeyRing;
  /** Asks for a credential for a node that refuses the keys. Undefined: there is none, so only Binding requests are sent. */
  readonly askCredential: (target: NodeKey) => Promise<TurnCredential | undefined>;
  readonly rules: AddressRules;
  readonly lookup: Lookup;
  readonly provePath: ProvePath;
  /** Time for one path, ms. */
  readonly timeoutMs: number;
  readonly caCertificates?: string | undefined;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
};

export type ProbeOptions = {
  readonly signal: AbortSignal;
  /** Whether the keys of `keyRingOf` may sign for the target. Otherwise only a credential that was asked for may. */
  readonly mayUseOwnKeys: boolean;
};

/** Proves nodes as their callers use them. */
export interface Prober {
  /** Proves all published paths of a node in parallel. Never rejects because of the node. */
  probe(target: NodeKey, report: PublishedReport, options: ProbeOptions): Promise<NodeProof>;
  /** Forgets what the prober knows about other nodes than these. */
  retain(targets: readonly NodeKey[]): void;
}

/** Lifetime of a credential, seconds. It tolerates clocks that differ by almost a minute. */
const credentialTtlSeconds = 60;

/** The contract allows no more; a longer round trip is a path that does not work. */
const roundTripMaxMs = 60_000;

/** A node during one probe. */
type Target = ProbeOptions & {
  readonly node: string;
  readonly report: PublishedReport;
  /** Asks for a credential, at most once. */
  readonly credential: () => Promise<TurnCredential | undefined>;
};

export function createProber(parts: ProberOptions): Prober {
  const { self, keyRingOf, askCredential, rules, lookup, provePath, timeoutMs, caCertificates, clock, logger } = parts;
  const roundTrips = createRoundTrips();
  const keys = createKeyEvidence();
  const refusing = new Set<string>();
  // After a restart, the first number differs from the last one of the previous run.
  let seq = Math.floor(parts.random() * 2 ** 32);

  function credentialsFor(key: SigningKey, { transport, family }: DialledPath) {
    // Each path has its own user, so that a quota of one allocation per user is enough.
    const opaqueUserId = `outside-${self.region}-${self.id}-${transport}-${family}`;
    return issueCredential({ key, opaqueUserId, nowMs: clock.nowMs(), ttlSeconds: credentialTtlSeconds });
  }

  async function prove(
    path: DialledPath,
    { node, report, signal, mayUseOwnKeys, credential }: Target,
  ): Promise<PathResult> {
    const common: Omit<PathProofOptions, 'credentials'> = {
      udpPort: report.port,
      isRelayPermitted: (relay) => isPermittedTarget(relay, rules),
      caCertificates,
      timeoutMs,
      signal,
    };
    const proven = { ids: report.secret_ids, fingerprints: report.secret_fingerprints };
    const key = mayUseOwnKeys ? matchKeys(keyRingOf(node), proven).key : undefined;
    // Without a key that fits the node's fingerprints, every attempt with a key would be refused.
    if (key !== undefined) {
      const result = await provePath(path, { ...common, credentials: credentialsFor(key, path) });
      const isRefused = !result.ok && result.reason === 'credentials_refused';
      if (result.ok || isRefused) keys.record(key.id, node, result.ok);
      if (result.ok) refusing.clear();
      if (!isRefused || keys.isAcceptedElsewhere(key.id, node)) return result;
    }
    const credentials = await credential();
    if (credentials === undefined) noteBindingsOnly(node);
    return provePath(path, { ...common, credentials });
  }

  /** Says once that keys are refused, until a node accepts one. */
  function noteBindingsOnly(node: string): void {
    if (refusing.size === 0) {
      logger.warn(
        { event: 'outside.keys_refused', target: node },
        'other nodes refuse the keys of this reporter, or do not share them: probing them with Binding requests only',
      );
    }
    refusing.add(node);
  }

  return {
    async probe(target, report, options) {
      const node = nodeNameFromKey(target);
      let asked: Promise<TurnCredential | undefined> | undefined;
      const credential = () => (asked ??= askCredential(target));
      const dialled = await dialledPaths(publishedPaths(report), { lookup, rules });
      const paths = await Promise.all(
        dialled.map(async (path): Promise<ProofPath> => {
          const { transport, family, port } = path;
          const { ok, reason, roundTripMs } = await prove(path, { ...options, node, report, credential });
          const name = `${node} ${proofPathName(path)}`;
          return {
            transport,
            family,
            port,
            ok,
            ...(reason !== undefined && { reason }),
            ...(roundTripMs !== undefined && {
              roundTripMs: Math.min(roundTripMaxMs, roundTrips.add(name, Math.max(0, roundTripMs))),
            }),
          };
        }),
      );
      seq += 1;
      return { paths, at: seq };
    },
    retain(targets) {
      const names = new Set(targets.map(nodeNameFromKey));
      roundTrips.retain((path) => names.has(path.slice(0, path.indexOf(' '))));
      keys.retain((node) => names.has(node));
    },
  };
}
