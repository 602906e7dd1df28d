import type { Policy } from '@turn-router/contract/policy';
import { nodeNameFromKey, type NodeKey } from '@turn-router/contract/registry';
import {
  createAssignment,
  judgeFleetInSteps,
  roundTripMatrixInSteps,
  type Assignment,
  type Steps,
} from '@turn-router/outside-proof';
import { startLoop } from '@turn-router/registry';
import type { ReportedNode } from '@turn-router/selection';
import { inTurns } from './in-turns.ts';
import { mergeProofs } from './merge-proofs.ts';
import type { OutsideProofs } from './outside-proofs.ts';
import { createProofReader, type ProofReaderParts, type ProofSource } from './read-proofs.ts';

export type FollowProofsParts = ProofReaderParts & {
  readonly outside: OutsideProofs;
  /** All nodes of the registries, whatever their status. */
  readonly nodes: () => readonly ReportedNode[];
  readonly policy: () => Pick<Policy, 'regions' | 'trust'>;
  /** Called with the names of the nodes that have just been refuted, or are no longer refuted. */
  readonly onChange: (names: ReadonlySet<string>) => void;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Time between two rounds, ms, ± 10 % by chance. If it is longer, verdicts come later. Each round of a large fleet takes a part of a second. */
  readonly everyMs?: number;
};

export interface FollowedProofs extends AsyncDisposable {
  /** Reads and judges once. */
  readonly refresh: () => Promise<void>;
}

const defaultEveryMs = 5_000;

/** The rest after a round is at least this many times the time of the round. So a large fleet does not use up a core. */
const restPerWork = 9;

/** The longest rest, ms. Verdicts would come too late with a longer one. */
const restMaxMs = 20_000;

/** A fleet has too few probers for this time before the log says so, ms. When a fleet starts, its reporters come one after the other. */
const fewProbersMs = 60_000;

/** The number of probers that can refute a node. One alone never does. */
const probersMin = 2;

/** Reads the proofs of every registry again and again, and judges the nodes of the policy's regions, until disposal. */
export function followProofs(sources: readonly ProofSource[], parts: FollowProofsParts): FollowedProofs {
  const { outside, nodes, policy, onChange, monotonicNowMs, random, everyMs = defaultEveryMs } = parts;
  const readers = sources.map((source) => createProofReader(source, parts));
  const checkProbers = createProberCheck(parts);
  let assignment = createAssignment([]);
  let restMs = everyMs;
  let running: Promise<void> | undefined;

  async function judge(): Promise<void> {
    const lists = await Promise.all(readers.map((read) => read()));
    const nowMs = monotonicNowMs();
    const { regions, trust } = policy();
    const isKnownRegion = (region: string) => Object.hasOwn(regions, region);
    const { proofs, byTarget, probers, inRegions } = await inTurns(
      mergeProofs(lists, isKnownRegion, nowMs),
      monotonicNowMs,
    );
    const fleet = nodes();
    // Probers do not know the policy. So nodes of all regions count as probers.
    const announced = fleet.filter(({ report }) => report.probes_others === true).map(({ key }) => key);
    assignment = await inTurns(assignmentFor([...announced, ...probers], assignment), monotonicNowMs);
    const judged = fleet.filter(({ key }) => isKnownRegion(key.region)).map(({ key }) => key);
    const reading = { nodes: judged, assignment, proofs, nowMs, maxShare: trust.suspiciousShare };
    const judgement = await inTurns(judgeFleetInSteps(reading, outside.judgement()), monotonicNowMs);
    const roundTrips = await inTurns(roundTripMatrixInSteps(inRegions, nowMs), monotonicNowMs);
    const changed = outside.take({ judgement, proofsByTarget: byTarget, roundTrips });
    if (changed.size > 0) onChange(changed);
    checkProbers(judged.length, assignment.size);
  }

  /** One round at a time. */
  function runRound(): Promise<void> {
    const startedMs = monotonicNowMs();
    running ??= judge().finally(() => {
      running = undefined;
      const tookMs = monotonicNowMs() - startedMs;
      restMs = Math.max(everyMs, Math.min(restMaxMs, restPerWork * tookMs));
    });
    return running;
  }

  const loop = startLoop(runRound, () => restMs * (0.9 + 0.2 * random()));
  return {
    async refresh() {
      await running;
      await runRound();
    },
    [Symbol.asyncDispose]: () => loop[Symbol.asyncDispose](),
  };
}

/** Keeps the assignment as long as the probers are the same, because it is costly to compute. @param probers may name a prober twice */
function* assignmentFor(probers: readonly NodeKey[], before: Assignment): Steps<Assignment> {
  const known = new Map<string, NodeKey>();
  let isSame = true;
  for (const key of probers) {
    yield;
    const name = nodeNameFromKey(key);
    known.set(name, key);
    isSame &&= before.isProber(name);
  }
  return isSame && known.size === before.size ? before : createAssignment([...known.values()]);
}

/** Logs once that nothing proves the fleet from outside. */
function createProberCheck({
  logger,
  monotonicNowMs,
}: Pick<FollowProofsParts, 'logger' | 'monotonicNowMs'>): (nodes: number, probers: number) => void {
  let sinceMs: number | undefined;
  let hasSaid = false;
  return (nodes, probers) => {
    if (nodes === 0 || probers >= probersMin) {
      sinceMs = undefined;
      return;
    }
    sinceMs ??= monotonicNowMs();
    if (hasSaid || monotonicNowMs() - sinceMs < fewProbersMs) return;
    hasSaid = true;
    logger.info(
      { event: 'proofs.few_probers', nodes, probers },
      'fewer than two programs probe other nodes: nothing proves the nodes from outside',
    );
  };
}
