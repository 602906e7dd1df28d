import { nodeNameFromKey, proofPathName, type ProofPath, type ProofReason } from '@turn-router/contract/registry';
import { findingOf, type PathFinding } from './path-finding.ts';
import { isFresh, type SeenProof } from './seen-proofs.ts';

/** What one prober says about one path. `reason`: why callers do not reach it. */
type PathView = { readonly finding: PathFinding; readonly reason: ProofReason | undefined };

/** What one prober sees: for each node, by name, its paths by name. */
export type ProberView = ReadonlyMap<string, ReadonlyMap<string, PathView>>;

/** A prober that fails on at least this number of nodes and reaches none is suspect itself. */
const blindTargetsMin = 2;

/**
 * Returns the views of all probers that can be counted, by their names. A prober whose proofs all fail over one transport and address family, on
 * two or more nodes, is blind there: what it says about these paths is dropped. A prober that sees nothing on any path is left out.
 */
export function viewsOfProbers(
  proofs: readonly SeenProof[],
  isProber: (name: string) => boolean,
  nowMs: number,
): ReadonlyMap<string, ProberView> {
  const ofProber = new Map<string, SeenProof[]>();
  for (const seen of proofs) {
    const prober = nodeNameFromKey(seen.prober);
    if (!isFresh(seen, nowMs) || !isProber(prober) || prober === nodeNameFromKey(seen.target)) continue;
    const others = ofProber.get(prober);
    if (others === undefined) ofProber.set(prober, [seen]);
    else others.push(seen);
  }
  const views = new Map<string, ProberView>();
  for (const [prober, seen] of ofProber) {
    const view = viewOf(seen);
    if (view !== undefined) views.set(prober, view);
  }
  return views;
}

function viewOf(proofs: readonly SeenProof[]): ProberView | undefined {
  const kinds = talliesOf(proofs);
  const isBlind = (path: ProofPath) => {
    const { reached, refuted } = kinds.get(kindOf(path)) ?? { reached: 0, refuted: 0 };
    return reached === 0 && refuted >= blindTargetsMin;
  };
  let says = false;
  const view = new Map<string, ReadonlyMap<string, PathView>>();
  for (const { target, proof } of proofs) {
    const paths = new Map<string, PathView>();
    for (const path of proof.paths) {
      const finding = isBlind(path) ? 'nothing' : findingOf(path);
      says ||= finding !== 'nothing';
      paths.set(proofPathName(path), { finding, reason: path.reason });
    }
    view.set(nodeNameFromKey(target), paths);
  }
  return says ? view : undefined;
}

/** Counts the nodes that one prober reaches and does not reach, for each transport and address family. */
function talliesOf(proofs: readonly SeenProof[]): ReadonlyMap<string, { reached: number; refuted: number }> {
  const kinds = new Map<string, { reached: number; refuted: number }>();
  for (const { proof } of proofs) {
    for (const finding of ['reached', 'refuted'] as const) {
      const found = proof.paths.filter((path) => findingOf(path) === finding).map(kindOf);
      for (const kind of new Set(found)) {
        const tally = kinds.get(kind) ?? { reached: 0, refuted: 0 };
        tally[finding] += 1;
        kinds.set(kind, tally);
      }
    }
  }
  return kinds;
}

function kindOf({ transport, family }: ProofPath): string {
  return `${transport} ${family}`;
}
