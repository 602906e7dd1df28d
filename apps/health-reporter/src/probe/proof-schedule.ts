import type { ProbePath } from './probe-path.ts';
import type { PassedProbe, ProbeResult } from './probe-round.ts';

export type ProofScheduleOptions = {
  /** Between two full proofs of a path that works, milliseconds. */
  proofIntervalMs: number;
  /** Full proofs in a row before a Binding will do. */
  proofsInRow: number;
};

/** Which paths need a full proof, and for which a Binding will do. */
export interface ProofSchedule {
  /** What the path has shown in its last full proof, when that is recent and nothing has failed since; else a proof is due. */
  standing(path: ProbePath, nowMs: number): PassedProbe | undefined;
  /** @param startedAtMs when the probe began */
  note(path: ProbePath, result: ProbeResult, startedAtMs: number): void;
}

/** A failure of any kind makes the next probe a full one, so that a Binding never excuses what an Allocate has shown. */
export function createProofSchedule({ proofIntervalMs, proofsInRow }: ProofScheduleOptions): ProofSchedule {
  const proofs = new Map<ProbePath, { passed: PassedProbe; inRow: number; atMs: number }>();
  return {
    standing(path, nowMs) {
      const proof = proofs.get(path);
      if (proof === undefined || proof.inRow < proofsInRow) return undefined;
      return nowMs - proof.atMs < proofIntervalMs ? proof.passed : undefined;
    },
    note(path, result, startedAtMs) {
      if (!result.ok) proofs.delete(path);
      else if (result.depth !== 'binding') {
        proofs.set(path, { passed: result, inRow: (proofs.get(path)?.inRow ?? 0) + 1, atMs: startedAtMs });
      }
    },
  };
}
