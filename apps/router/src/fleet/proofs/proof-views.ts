import { shownProofsMax, type NodeProofView } from '@turn-router/contract/admin';
import { nodeNameFromKey, proofPathName, type ProofPath } from '@turn-router/contract/registry';
import { findingOf, isFresh, refutesNode, type SeenProof } from '@turn-router/outside-proof';

/** Returns the fresh proofs of one node for operators: first those that refute it, then by the name of the prober. */
export function proofViewsOf(proofs: readonly SeenProof[], nowMs: number): NodeProofView[] {
  return proofs
    .filter((seen) => isFresh(seen, nowMs))
    .map((seen) => ({ refutes: refutesNode(seen.proof), view: viewOf(seen, nowMs) }))
    .toSorted((a, b) => Number(b.refutes) - Number(a.refutes) || (a.view.by < b.view.by ? -1 : 1))
    .slice(0, shownProofsMax)
    .map(({ view }) => view);
}

function viewOf({ prober, proof, seenAtMs }: SeenProof, nowMs: number): NodeProofView {
  const roundTripsMs = proof.paths.flatMap(({ ok, roundTripMs }) =>
    ok && roundTripMs !== undefined ? [roundTripMs] : [],
  );
  const decisive = proof.paths.find(isRefuted) ?? proof.paths.find(({ reason }) => reason !== undefined);
  return {
    by: nodeNameFromKey(prober),
    ok: !proof.paths.some(isRefuted) && proof.paths.some(({ ok }) => ok),
    roundTripMs: roundTripsMs.length === 0 ? undefined : Math.min(...roundTripsMs),
    reason: decisive?.reason === undefined ? undefined : `${proofPathName(decisive)} ${decisive.reason}`,
    ageMs: nowMs - seenAtMs,
  };
}

const isRefuted = (path: ProofPath) => findingOf(path) === 'refuted';
