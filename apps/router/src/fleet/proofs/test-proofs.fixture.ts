import { nodeProofKey, type NodeKey, type ProofPath, type StoredProof } from '@turn-router/contract/registry';
import type { ProofReading, ProofStore, RegistryError } from '@turn-router/registry';

/** Returns the key of `<region>/<id>`. */
export function keyOf(name: string): NodeKey {
  const [region = '', id = ''] = name.split('/');
  return { region, id };
}

export const udpWorks: ProofPath = { transport: 'udp', family: 'ipv4', port: 3478, ok: true, roundTripMs: 20 };
export const udpFails: ProofPath = { transport: 'udp', family: 'ipv4', port: 3478, ok: false, reason: 'timeout' };

/** The proofs of one registry. A test says what probers write. */
export type TestProofs = {
  readonly store: Pick<ProofStore, 'readAllProofs'>;
  /** Writes a new proof of this prober about this target. */
  readonly say: (prober: string, target: string, ...paths: readonly ProofPath[]) => void;
  readonly clear: () => void;
  /** Makes every reading fail with this error; undefined: readings succeed. */
  readonly fail: (error: RegistryError | undefined) => void;
  readonly leaveOut: (counts: Omit<ProofReading, 'proofs'>) => void;
};

export function createTestProofs(): TestProofs {
  const stored = new Map<string, StoredProof>();
  let failure: RegistryError | undefined;
  let counts = { invalid: 0, leftOut: 0 };
  let at = 0;
  return {
    store: {
      readAllProofs: () =>
        failure === undefined ? Promise.resolve({ proofs: [...stored.values()], ...counts }) : Promise.reject(failure),
    },
    say(prober, target, ...paths) {
      at += 1;
      const key = { target: keyOf(target), prober: keyOf(prober) };
      stored.set(nodeProofKey(key.target, key.prober), { ...key, proof: { paths: [...paths], at } });
    },
    clear: () => stored.clear(),
    fail(error) {
      failure = error;
    },
    leaveOut(next) {
      counts = next;
    },
  };
}
