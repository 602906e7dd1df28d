import { withDeadline } from '@turn-router/deadline';
import type { NodeKey } from '@turn-router/contract/registry';
import { probeLimits } from '@turn-router/outside-proof';
import { RegistryError } from '@turn-router/registry';
import type { KeyRing } from '@turn-router/turn-credentials';
import { lookup as lookUp } from 'node:dns/promises';
import type { Logger } from '../logger.ts';
import type { ProofRegistry } from '../publish/proof-registry.ts';
import type { Clock } from '../system/clock.ts';
import { waitMs } from '../system/wait.ts';
import type { Lookup } from './dialled-path.ts';
import { runOutsideProofs } from './outside-proofs.ts';
import type { OwnFingerprints } from './own-key-use.ts';
import { createProofWatch } from './proof-watch.ts';
import { provePath } from './prove-path.ts';
import { createProber } from './prober.ts';

export type OutsideProofsParts = {
  readonly self: NodeKey;
  readonly registry: ProofRegistry;
  /** The keys of the node at `<region>/<id>`, as far as this program has them. */
  readonly keyRingOf: (node: string) => KeyRing;
  readonly ownFingerprints: OwnFingerprints;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
};

/** The proofs of other nodes while this program runs. Disposing ends them. */
export interface OutsideProofs extends AsyncDisposable {
  /** Whether the registry accepts proofs of this program. */
  isProving(): boolean;
}

/** Time for one path, ms. A proof over TLS takes about ten round trips, and the farthest regions have 300 ms. */
const pathTimeoutMs = 5_000;

/** Time for the addresses of a name, ms. The system's own timeout is longer. */
const lookupTimeoutMs = 3_000;

/** Starts the rounds of probes beside the reporter, with the system's DNS and timers. */
export function startOutsideProofs(parts: OutsideProofsParts): OutsideProofs {
  const { everyMs, registry, logger } = parts;
  const stop = new AbortController();
  const watch = createProofWatch(logger);
  const lookup: Lookup = (name) =>
    withDeadline({ timeoutMs: lookupTimeoutMs, stop: stop.signal }, async () =>
      (await lookUp(name, { all: true })).map(({ address }) => address),
    );
  const askCredential = async (target: NodeKey) => {
    try {
      return await registry.probeCredential?.(target);
    } catch (error) {
      // Without a credential the prober sends Binding requests, and says so. It goes on proving, so this is no fault of the registry.
      if (!(error instanceof RegistryError)) throw error;
      return undefined;
    }
  };
  const rules = { allowsLoopback: registry.isOnLoopback };
  const prober = createProber({ ...parts, askCredential, rules, lookup, provePath, timeoutMs: pathTimeoutMs });
  const ended = runOutsideProofs(stop.signal, {
    ...parts,
    prober,
    lookup,
    watch,
    limits: { ...probeLimits, everyMs },
    wait: waitMs,
  });
  return {
    isProving: () => !watch.isRefused(),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
}
