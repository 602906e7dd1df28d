import { nodeNameFromKey, proofPathName, type NodeKey, type NodeProof } from '@turn-router/contract/registry';
import { refutesNode } from '@turn-router/outside-proof';
import { RegistryError } from '@turn-router/registry';
import type { Logger } from '../logger.ts';

export type ProofCall = 'read_nodes' | 'read_node' | 'read_proofs' | 'write_proof';

/** Says each change about proofs once. */
export interface ProofWatch {
  /**
   * Runs a call to the registry. Returns undefined if it failed. Any error other than a RegistryError is thrown.
   *
   * @param kind the registry may accept calls of one kind and refuse others
   */
  attempt<T>(kind: ProofCall, call: () => Promise<T>): Promise<T | undefined>;
  /** Takes the number of probers that prove this node. */
  noteOwnProbers(count: number): void;
  /** Whether the registry refused the last call of some kind. */
  isRefused(): boolean;
  noteProof(target: NodeKey, proof: NodeProof): void;
  /** Forgets the nodes that are not among these names. */
  retain(names: ReadonlySet<string>): void;
}

export function createProofWatch(logger: Logger): ProofWatch {
  const refuted = new Set<string>();
  const refusedKinds = new Set<ProofCall>();
  let isAlone: boolean | undefined;

  return {
    async attempt(kind, call) {
      try {
        const result = await call();
        if (refusedKinds.delete(kind) && refusedKinds.size === 0) {
          logger.info({ event: 'outside.registry_recovered' }, 'the registry accepts the commands of proofs again');
        }
        return result;
      } catch (error) {
        if (!(error instanceof RegistryError)) throw error;
        // The reporter itself says that the registry is unreachable.
        if (error.code === 'refused') {
          const isFirst = refusedKinds.size === 0;
          refusedKinds.add(kind);
          if (!isFirst) return undefined;
          logger.warn(
            { event: 'outside.registry_refused', fault: error.fault, reason: error.message },
            'the registry refuses a command of proofs: this reporter cannot prove other nodes',
          );
        }
        return undefined;
      }
    },
    isRefused: () => refusedKinds.size > 0,
    noteOwnProbers(count) {
      const alone = count === 0;
      if (alone === isAlone) return;
      if (alone) {
        logger.info(
          { event: 'outside.alone' },
          'nothing proves this node from outside, because no other reporter probes nodes',
        );
      } else {
        logger.info({ event: 'outside.probed', probers: count }, `${count} probers prove this node from outside`);
      }
      isAlone = alone;
    },
    noteProof(target, proof) {
      const name = nodeNameFromKey(target);
      const isRefuted = refutesNode(proof);
      if (isRefuted === refuted.has(name)) return;
      if (isRefuted) {
        refuted.add(name);
        const failed = proof.paths.filter(({ ok }) => !ok);
        const paths = failed.map((path) => `${proofPathName(path)}: ${path.reason}`);
        logger.warn({ event: 'outside.target_failed', target: name, paths }, 'another node fails a probe from here');
      } else {
        refuted.delete(name);
        logger.info(
          { event: 'outside.target_reached', target: name },
          'the other node passes the probes from here again',
        );
      }
    },
    retain(names) {
      for (const name of refuted) if (!names.has(name)) refuted.delete(name);
    },
  };
}
