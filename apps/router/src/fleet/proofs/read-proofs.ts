import { takeProofsInSteps, type SeenProof } from '@turn-router/outside-proof';
import { RegistryError, type ProofReading, type ProofStore, type RegistryFault } from '@turn-router/registry';
import type { Logger } from '../../observe/logger.ts';
import type { Metrics } from '../../observe/metrics.ts';
import { inTurns } from './in-turns.ts';

/** A registry with proofs. */
export type ProofSource = {
  /** Its name in log and metrics. */
  readonly name: string;
  readonly store: Pick<ProofStore, 'readAllProofs'>;
};

export type ProofReaderParts = {
  readonly monotonicNowMs: () => number;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'useProofReading' | 'useProofFault'>;
};

/**
 * Returns the function that reads the proofs of one registry and returns all that are known. After a failed reading, these are the proofs of the
 * last reading. They become old. If this router may not read proofs, there are none.
 */
export function createProofReader(
  { name, store }: ProofSource,
  { monotonicNowMs, logger, metrics }: ProofReaderParts,
): () => Promise<readonly SeenProof[]> {
  let known: readonly SeenProof[] = [];
  let lastFault: RegistryFault | undefined;

  function noteFailure({ fault, message }: RegistryError): void {
    metrics.useProofFault(name, fault);
    const isDenied = fault === 'no_permission';
    if (isDenied) known = [];
    const isSaid = lastFault !== undefined && (lastFault === 'no_permission') === isDenied;
    lastFault = fault;
    // An unreachable registry fails in several ways, one after the other.
    if (isSaid) return;
    logger.warn(
      { event: 'proofs.unreadable', registry: name, fault, reason: message },
      'cannot read the proofs of probers: using the reports of the nodes without new proofs from outside',
    );
  }

  function noteReading(reading: ProofReading): void {
    metrics.useProofReading(name, reading);
    if (lastFault !== undefined) {
      logger.info({ event: 'proofs.readable', registry: name }, 'the proofs of probers can be read again');
    }
    lastFault = undefined;
  }

  return async () => {
    try {
      const reading = await store.readAllProofs();
      known = await inTurns(takeProofsInSteps(known, reading.proofs, monotonicNowMs()), monotonicNowMs);
      noteReading(reading);
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      noteFailure(error);
    }
    return known;
  };
}
