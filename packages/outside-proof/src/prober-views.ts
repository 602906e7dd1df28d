import { nodeNameFromKey, proofPathName, type ProofReason } from '@turn-router/contract/registry';
import { findingOf, type PathFinding } from './path-finding.ts';
import { isFresh, type SeenProof } from './seen-proofs.ts';
import type { Steps } from './steps.ts';

/** What one prober sees: for each node, by name, its paths. On the kinds of paths in `blindOn`, it says nothing. */
export type ProberView = {
  readonly pathsOf: ReadonlyMap<string, readonly SeenPath[]>;
  readonly blindOn: ReadonlySet<string>;
};

/** `kind`: transport and address family. `reason`: why callers do not reach the path. */
export type SeenPath = {
  readonly name: string;
  readonly kind: string;
  readonly finding: PathFinding;
  readonly reason: ProofReason | undefined;
};

/** A prober that fails on at least this number of nodes and reaches none is suspect itself. */
const blindTargetsMin = 2;

/**
 * Returns the views of all probers that can be counted, by their names. A prober whose proofs all fail over one transport and address family, on
 * two or more nodes, is blind there. A prober that says nothing on any path is left out.
 */
export function* viewsOfProbers(
  proofs: readonly SeenProof[],
  isProber: (name: string) => boolean,
  nowMs: number,
): Steps<ReadonlyMap<string, ProberView>> {
  const seenBy = new Map<string, Map<string, readonly SeenPath[]>>();
  for (const seen of proofs) {
    yield;
    if (!isFresh(seen, nowMs)) continue;
    const { prober, target, paths } = read(seen);
    if (!isProber(prober) || prober === target) continue;
    const ofProber = seenBy.get(prober);
    if (ofProber === undefined) seenBy.set(prober, new Map([[target, paths]]));
    else ofProber.set(target, paths);
  }
  const views = new Map<string, ProberView>();
  for (const [prober, pathsOf] of seenBy) {
    yield;
    const view = { pathsOf, blindOn: blindKindsOf(pathsOf) };
    if (saysSomething(view)) views.set(prober, view);
  }
  return views;
}

/** Returns what the prober says about the node: each path with its finding. Undefined if it has not probed the node yet. */
export function findingsFor(target: string, { pathsOf, blindOn }: ProberView): readonly SeenPath[] | undefined {
  const paths = pathsOf.get(target);
  if (paths === undefined || blindOn.size === 0) return paths;
  return paths.map((path) => (blindOn.has(path.kind) ? { ...path, finding: 'nothing' } : path));
}

function saysSomething({ pathsOf, blindOn }: ProberView): boolean {
  for (const paths of pathsOf.values()) {
    if (paths.some(({ kind, finding }) => finding !== 'nothing' && !blindOn.has(kind))) return true;
  }
  return false;
}

function blindKindsOf(pathsOf: ReadonlyMap<string, readonly SeenPath[]>): ReadonlySet<string> {
  const reached = new Set<string>();
  const refutedTargets = new Map<string, number>();
  for (const paths of pathsOf.values()) {
    const refuted = new Set<string>();
    for (const { kind, finding } of paths) {
      if (finding === 'reached') reached.add(kind);
      else if (finding === 'refuted') refuted.add(kind);
    }
    for (const kind of refuted) refutedTargets.set(kind, (refutedTargets.get(kind) ?? 0) + 1);
  }
  const blind = [...refutedTargets].filter(([kind, targets]) => targets >= blindTargetsMin && !reached.has(kind));
  return new Set(blind.map(([kind]) => kind));
}

type ReadProof = { readonly prober: string; readonly target: string; readonly paths: readonly SeenPath[] };

/** Proofs that have been read. A proof is in many readings, and stays the same object. */
const readProofs = new WeakMap<SeenProof, ReadProof>();

function read(seen: SeenProof): ReadProof {
  const before = readProofs.get(seen);
  if (before !== undefined) return before;
  const proof = {
    prober: nodeNameFromKey(seen.prober),
    target: nodeNameFromKey(seen.target),
    paths: seen.proof.paths.map((path) => ({
      name: proofPathName(path),
      kind: `${path.transport} ${path.family}`,
      finding: findingOf(path),
      reason: path.reason,
    })),
  };
  readProofs.set(seen, proof);
  return proof;
}
