import type { ProbePath } from './probe-path.ts';
import type { PassedProbe, ProbeResult } from './probe-round.ts';

export type ProofScheduleOptions = {
  /** The interval between two full proofs of a working path, milliseconds. */
  proofIntervalMs: number;
  /** The number of full proofs in a row after which a Binding is enough. */
  proofsInRow: number;
};

/** Decides for each path whether it needs a full proof or only a Binding. */
export interface ProofSchedule {
  /**
   * Returns the last full proof of the path if it is recent and no later probe has failed. Undefined means that the path needs a full proof. A server
   * that ignores each Binding needs a full proof each time.
   */
  currentProof(path: ProbePath, nowMs: number): PassedProbe | undefined;
  /** @param startedAtMs start of the probe */
  record(path: ProbePath, result: ProbeResult, startedAtMs: number): void;
}

/** After any failure, the next probe of the path is a full proof. So a Binding never hides a failed Allocate. */
export function createProofSchedule({ proofIntervalMs, proofsInRow }: ProofScheduleOptions): ProofSchedule {
  const proofs = new Map<ProbePath, { passed: PassedProbe; inRow: number; atMs: number }>();
  return {
    currentProof(path, nowMs) {
      const proof = proofs.get(path);
      if (proof === undefined || proof.inRow < proofsInRow || proof.passed.binding === 'silent') return undefined;
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
