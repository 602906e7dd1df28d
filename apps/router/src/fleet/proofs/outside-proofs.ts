import type { RefutedNode } from '../../observe/fleet-findings.ts';
import type { FleetJudgement, NodeVerdict, RegionRoundTrip, SeenProof } from '@turn-router/outside-proof';

/** What the proofs of one round say. */
export type JudgedFleet = {
  readonly judgement: FleetJudgement;
  /** Fresh proofs by the name of their node. */
  readonly proofsByTarget: ReadonlyMap<string, readonly SeenProof[]>;
  readonly roundTrips: readonly RegionRoundTrip[];
};

/**
 * What other programs prove about the nodes, in memory. A node gets calls if it is healthy by its own report and not refuted here. A node that
 * nobody has judged is not refuted.
 */
export interface OutsideProofs {
  readonly verdictOf: (name: string) => NodeVerdict | undefined;
  readonly isRefuted: (name: string) => boolean;
  readonly refuted: () => readonly RefutedNode[];
  readonly proofsOf: (name: string) => readonly SeenProof[];
  /** Verdicts by the names of the nodes. */
  readonly judgement: () => FleetJudgement;
  readonly roundTrips: () => readonly RegionRoundTrip[];
  /** Replaces everything. Returns the names of the nodes that are refuted now and were not, or the other way round. */
  readonly take: (next: JudgedFleet) => ReadonlySet<string>;
}

export function createOutsideProofs(): OutsideProofs {
  let known: JudgedFleet = { judgement: new Map(), proofsByTarget: new Map(), roundTrips: [] };
  let refuted: readonly RefutedNode[] = [];
  const isRefuted = (name: string) => known.judgement.get(name)?.state === 'refuted';

  return {
    verdictOf: (name) => known.judgement.get(name),
    isRefuted,
    refuted: () => refuted,
    proofsOf: (name) => known.proofsByTarget.get(name) ?? [],
    judgement: () => known.judgement,
    roundTrips: () => known.roundTrips,
    take(next) {
      const before = refuted;
      const wasRefuted = new Set(before.map(({ name }) => name));
      known = next;
      refuted = refutedIn(next.judgement);
      const begun = refuted.filter(({ name }) => !wasRefuted.has(name));
      const ended = before.filter(({ name }) => !isRefuted(name));
      return new Set([...begun, ...ended].map(({ name }) => name));
    },
  };
}

function refutedIn(judgement: FleetJudgement): RefutedNode[] {
  const refuted: RefutedNode[] = [];
  for (const [name, { state, text }] of judgement) if (state === 'refuted') refuted.push({ name, reason: text });
  return refuted;
}
