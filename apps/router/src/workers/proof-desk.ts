import type { GeoProofs, GeoVerdict } from '@turn-router/geo';

/** At most this many results are stored for workers that start later. It is far more than the number of GeoIP files in use. */
const verdictsMax = 32;

/** The answer to a worker. If `verdict` is undefined, the worker must check the file. */
export type ProofAnswer = { readonly digest: string; readonly verdict: GeoVerdict | undefined };

/**
 * The primary's part of GeoIP file checks. Of all workers with the same bytes, one worker checks the bytes, and the other workers wait for its
 * result.
 */
export type ProofDesk = {
  /** Handles a worker's request for the result of the check of the bytes with this digest. */
  readonly claim: (worker: number, digest: string) => void;
  /** Stores a worker's result. Undefined: the worker could not finish the check. */
  readonly settle: (worker: number, answer: ProofAnswer) => void;
  /** Handles the end of a worker. The next waiting worker takes over its check. */
  readonly end: (worker: number) => void;
};

type FileCase = {
  readonly digest: string;
  readonly waiting: Set<number>;
  /** The worker that checks the file. Undefined while no worker waits. */
  prover: number | undefined;
  /** Stores the result of a worker. Undefined while the stored results are searched, and after a result. */
  resolve: ((verdict: GeoVerdict) => void) | undefined;
  verdict: GeoVerdict | undefined;
};

/**
 * @param proofs results of earlier starts, also stored for the next start
 * @param tell sends an answer to one worker
 */
export function createProofDesk(proofs: GeoProofs, tell: (worker: number, answer: ProofAnswer) => void): ProofDesk {
  const cases = new Map<string, FileCase>();

  function open(digest: string): FileCase {
    const opened: FileCase = { digest, waiting: new Set(), prover: undefined, resolve: undefined, verdict: undefined };
    cases.set(digest, opened);
    for (const [key, { verdict }] of cases) {
      if (cases.size <= verdictsMax) break;
      if (verdict !== undefined) cases.delete(key);
    }
    void findVerdict(opened);
    return opened;
  }

  async function findVerdict(file: FileCase): Promise<void> {
    const verifyByWorkers = () =>
      new Promise<GeoVerdict>((resolve) => {
        file.resolve = resolve;
        appointProver(file);
      });
    const verdict = await proofs.verdictOn(file.digest, verifyByWorkers);
    file.verdict = verdict;
    for (const worker of file.waiting) tell(worker, { digest: file.digest, verdict });
    file.waiting.clear();
  }

  function appointProver(file: FileCase): void {
    const [next] = file.waiting;
    file.prover = next;
    if (next === undefined) return;
    file.waiting.delete(next);
    tell(next, { digest: file.digest, verdict: undefined });
  }

  function replaceProver(file: FileCase, worker: number): void {
    if (file.prover === worker) appointProver(file);
  }

  return {
    claim(worker, digest) {
      const file = cases.get(digest) ?? open(digest);
      if (file.verdict !== undefined) return tell(worker, { digest, verdict: file.verdict });
      file.waiting.add(worker);
      if (file.resolve !== undefined && file.prover === undefined) appointProver(file);
    },
    settle(worker, { digest, verdict }) {
      const file = cases.get(digest);
      if (file === undefined) return;
      if (verdict === undefined) return replaceProver(file, worker);
      file.resolve?.(verdict);
      file.resolve = undefined;
      file.prover = undefined;
    },
    end(worker) {
      for (const file of cases.values()) {
        file.waiting.delete(worker);
        replaceProver(file, worker);
      }
    },
  };
}
