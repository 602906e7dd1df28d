import type { GeoProofs, GeoVerdict } from '@turn-router/geo';

/** Verdicts that a worker which starts later finds here, newest last: far more than GeoIP files in use. */
const rememberedFiles = 32;

/** Undefined: the worker that is told so shall prove the file. */
export type ProofAnswer = { readonly digest: string; readonly verdict: GeoVerdict | undefined };

/** The primary's side of proving: of all workers that hold the same bytes one proves them, the others wait for its verdict. */
export type ProofDesk = {
  /** A worker wants to know whether the bytes of this digest are sound. */
  readonly claim: (worker: number, digest: string) => void;
  /** A worker has proved them; `verdict` undefined: it could not. */
  readonly settle: (worker: number, answer: ProofAnswer) => void;
  /** What the worker was to prove goes to the next that waits. */
  readonly end: (worker: number) => void;
};

type FileCase = {
  readonly digest: string;
  readonly waiting: Set<number>;
  /** The worker that proves; undefined while nobody waits for it. */
  prover: number | undefined;
  /** Takes the verdict of a worker; undefined until it is known that none is kept, and once one has come. */
  resolve: ((verdict: GeoVerdict) => void) | undefined;
  verdict: GeoVerdict | undefined;
};

/**
 * @param proofs what other starts have left, and what the next one will find
 * @param tell takes an answer to one worker
 */
export function createProofDesk(proofs: GeoProofs, tell: (worker: number, answer: ProofAnswer) => void): ProofDesk {
  const cases = new Map<string, FileCase>();

  function open(digest: string): FileCase {
    const opened: FileCase = { digest, waiting: new Set(), prover: undefined, resolve: undefined, verdict: undefined };
    cases.set(digest, opened);
    for (const [key, { verdict }] of cases) {
      if (cases.size <= rememberedFiles) break;
      if (verdict !== undefined) cases.delete(key);
    }
    void findVerdict(opened);
    return opened;
  }

  async function findVerdict(file: FileCase): Promise<void> {
    const proveByWorkers = () =>
      new Promise<GeoVerdict>((resolve) => {
        file.resolve = resolve;
        appointProver(file);
      });
    const verdict = await proofs.verdictOn(file.digest, proveByWorkers);
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

  function giveUp(file: FileCase, worker: number): void {
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
      if (verdict === undefined) return giveUp(file, worker);
      file.resolve?.(verdict);
      file.resolve = undefined;
      file.prover = undefined;
    },
    end(worker) {
      for (const file of cases.values()) {
        file.waiting.delete(worker);
        giveUp(file, worker);
      }
    },
  };
}
