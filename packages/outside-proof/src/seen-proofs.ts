import { nodeProofKey, nodeProofTtlMs, type StoredProof } from '@turn-router/contract/registry';
import { resultOf, type Steps } from './steps.ts';

/** A proof and the time when this process first saw it, ms of its own monotonic clock. Proofs contain no time, because clocks can be wrong. */
export type SeenProof = StoredProof & { readonly seenAtMs: number };

/**
 * Takes a complete reading of the proofs. A proof keeps its time as long as its number (`at`) stays the same. So a proof that is written again
 * without a new probe becomes old.
 *
 * @param before the result of the previous reading
 */
export function takeProofs(
  before: readonly SeenProof[],
  reading: readonly StoredProof[],
  nowMs: number,
): readonly SeenProof[] {
  return resultOf(takeProofsInSteps(before, reading, nowMs));
}

/** `takeProofs` in steps. */
export function* takeProofsInSteps(
  before: readonly SeenProof[],
  reading: readonly StoredProof[],
  nowMs: number,
): Steps<readonly SeenProof[]> {
  const known = new Map<string, SeenProof>();
  for (const seen of before) {
    yield;
    known.set(nodeProofKey(seen.target, seen.prober), seen);
  }
  const taken: SeenProof[] = [];
  for (const stored of reading) {
    yield;
    const seen = known.get(nodeProofKey(stored.target, stored.prober));
    taken.push(seen?.proof.at === stored.proof.at ? seen : { ...stored, seenAtMs: nowMs });
  }
  return taken;
}

/** A proof is fresh for as long as it lives in the registry, about three rounds. */
export function isFresh({ seenAtMs }: Pick<SeenProof, 'seenAtMs'>, nowMs: number): boolean {
  return nowMs - seenAtMs <= nodeProofTtlMs;
}
