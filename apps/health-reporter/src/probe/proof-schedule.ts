import type { ProbePath } from './probe-path.ts';
import type { PassedProbe, ProbeResult } from './probe-round.ts';

export type ProofScheduleOptions = {
  /** The interval between two full proofs of a working path, milliseconds. */
  proofIntervalMs: number;
  /** The number of full proofs in a row after which a Binding is enough. */
  proofsInRow: number;
};

/** Decides which paths need a full proof, and for which a Binding is enough. */
export interface ProofSchedule {
  /** The last full proof of the path, if it is recent and no probe has failed since; undefined: a full proof is due. */
  currentProof(path: ProbePath, nowMs: number): PassedProbe | undefined;
  /** @param startedAtMs when the probe began */
  record(path: ProbePath, result: ProbeResult, startedAtMs: number): void;
}

/** After any failure the next probe is a full proof, so that a Binding never hides a failed Allocate. */
export function createProofSchedule({ proofIntervalMs, proofsInRow }: ProofScheduleOptions): ProofSchedule {
  const proofs = new Map<ProbePath, { passed: PassedProbe; inRow: number; atMs: number }>();
  return {
    currentProof(path, nowMs) {
      const proof = proofs.get(path);
      if (proof === undefined || proof.inRow < proofsInRow) return undefined;
      return nowMs - proof.atMs < proofIntervalMs ? proof.passed : undefined;
    },
    record(path, result, startedAtMs) {
      if (!result.ok) proofs.delete(path);
      else if (result.depth !== 'binding') {
        proofs.set(path, { passed: result, inRow: (proofs.get(path)?.inRow ?? 0) + 1, atMs: startedAtMs });
      }
    },
  };
}
