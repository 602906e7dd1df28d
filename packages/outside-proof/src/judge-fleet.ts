import { nodeNameFromKey, nodeProofRoundMs, nodeProofTtlMs, type NodeKey } from '@turn-router/contract/registry';
import type { Assignment } from './assignment.ts';
import { groupWindowMs, keepInService, type KeptBecause, type Suspect } from './bounded-share.ts';
import { countRefuters, type Count } from './count-refuters.ts';
import { viewsOfProbers, type ProberView } from './prober-views.ts';
import type { SeenProof } from './seen-proofs.ts';
import { resultOf, type Steps } from './steps.ts';

export type FleetReading = {
  /** Nodes with a record. A node that is left out is forgotten: it must be refuted anew. */
  readonly nodes: readonly NodeKey[];
  /** Of the probers that are known. The caller creates another one when they have changed. */
  readonly assignment: Assignment;
  readonly proofs: readonly SeenProof[];
  /** The time of the reading, ms of the clock of `seenAtMs`. */
  readonly nowMs: number;
  /** The largest share of a region's nodes that may be out of service at once, 0–1. One node may always be. */
  readonly maxShare: number;
};

/**
 * The rung that decided about a node:
 *
 * - `no_prober`: no other program probes nodes.
 * - `no_fresh_proof`: no prober has a fresh proof that says something about the node.
 * - `reached`: probers reach the node, and nobody refutes it.
 * - `suspected`: some probers refute the node, but not enough of them, or not for long enough.
 * - `kept_…`: enough probers refute the node, but too many nodes would be out of service at once. See `KeptBecause`.
 * - `unreachable_from_outside`: enough probers refute the node.
 * - `recovering`: the node was refuted. Enough probers no longer refute it, but not yet for a whole round.
 */
export type VerdictRung =
  | 'no_prober'
  | 'no_fresh_proof'
  | 'reached'
  | 'suspected'
  | `kept_${KeptBecause}`
  | 'unreachable_from_outside'
  | 'recovering';

/** `refuted`: the node must get no calls. `proven` and `unproven` differ for operators only. */
export type NodeVerdict = {
  readonly state: 'unproven' | 'proven' | 'refuted';
  readonly rung: VerdictRung;
  /** The rung with its count, such as `unreachable_from_outside (3 of 3: udp 3478 timeout)`. */
  readonly text: string;
  /** What the next judgement needs to know. */
  readonly memory: Memory;
};

type Memory = {
  /** Since when at least two probers refute the node, ms. */
  readonly suspectedSinceMs: number | undefined;
  /** When at least two probers last refuted the node, ms. */
  readonly suspectedAtMs: number | undefined;
  /** When at least two probers refuted the node after a long time without suspicion, ms. */
  readonly doubtedSinceMs: number | undefined;
  /** Since when the node is refuted, ms. */
  readonly outSinceMs: number | undefined;
  /** When enough probers last refuted the node, ms. */
  readonly majorityAtMs: number | undefined;
  /** The text of the refutation. */
  readonly refutation: string | undefined;
};

/** Verdicts by the names of the nodes. */
export type FleetJudgement = ReadonlyMap<string, NodeVerdict>;

/**
 * Time from the moment when two probers refute a node until it can be refuted, ms. It is longer than a round. So if the network is at fault,
 * other nodes have become suspected as well by then.
 */
export const settleMs = nodeProofRoundMs + 10_000;

/**
 * A node that is not suspected for this time counts as a new suspect when it is suspected again, ms. It is the life of a proof and the time in which a
 * node that went out is part of a group, and a reserve. If it is shorter, a node that toggles brings a dead node back into service again and again.
 * A majority counts for this time too: in a partition that comes and goes, nodes have a majority against them at different times.
 */
const quietMs = nodeProofTtlMs + groupWindowMs + nodeProofRoundMs;

/** The number of refuters that make a node suspected. One prober alone can be broken or can lie. */
const suspicionMin = 2;

/** Judges every node by all proofs. The result depends on the arguments only; the caller passes the previous result. */
export function judgeFleet(reading: FleetReading, before?: FleetJudgement): FleetJudgement {
  return resultOf(judgeFleetInSteps(reading, before));
}

/** `judgeFleet` in steps. */
export function* judgeFleetInSteps(reading: FleetReading, before: FleetJudgement = new Map()): Steps<FleetJudgement> {
  const { nodes, nowMs } = reading;
  const facts = yield* factsOf(reading);
  yield;
  const memories = new Map(facts.map(({ name, count }) => [name, remember(count, before.get(name)?.memory, nowMs)]));
  const suspects = facts.flatMap(({ name, key, count }) => {
    const memory = memories.get(name);
    return memory === undefined ? [] : suspectOf(name, key, count, memory, nowMs);
  });
  const sizes = new Map<string, number>();
  for (const { region } of nodes) sizes.set(region, (sizes.get(region) ?? 0) + 1);
  yield;
  const kept = keepInService(suspects, sizes, reading.maxShare, nowMs);
  const due = new Set(suspects.filter(({ isDue }) => isDue).map(({ name }) => name));

  const judgement = new Map<string, NodeVerdict>();
  for (const fact of facts) {
    yield;
    const memory = memories.get(fact.name);
    if (memory !== undefined) judgement.set(fact.name, verdictOf(fact, memory, due.has(fact.name), kept, nowMs));
  }
  return judgement;
}

/** What the proofs say about a node now. */
type Fact = {
  readonly name: string;
  readonly key: NodeKey;
  readonly hasProber: boolean;
  readonly isReached: boolean;
  readonly count: Count | undefined;
};

function* factsOf({ nodes, assignment, proofs, nowMs }: FleetReading): Steps<Fact[]> {
  const views = yield* viewsOfProbers(proofs, (name) => assignment.isProber(name), nowMs);
  const reached = new Set<string>();
  const refuted = new Set<string>();
  for (const { pathsOf, blindOn } of views.values()) {
    for (const [target, paths] of pathsOf) {
      yield;
      for (const { kind, finding } of paths) {
        if (finding === 'nothing' || blindOn.has(kind)) continue;
        (finding === 'reached' ? reached : refuted).add(target);
      }
    }
  }
  const facts: Fact[] = [];
  for (const key of nodes) {
    yield;
    const name = nodeNameFromKey(key);
    const hasProber = assignment.size > (assignment.isProber(name) ? 1 : 0);
    // Only a node that somebody refutes needs its confirming probers.
    const count = refuted.has(name) ? countRefuters(name, confirmingViews(assignment, key, views)) : undefined;
    facts.push({ name, key, hasProber, isReached: reached.has(name), count });
  }
  return facts;
}

function confirmingViews(assignment: Assignment, key: NodeKey, views: ReadonlyMap<string, ProberView>): ProberView[] {
  return assignment
    .confirming(key)
    .map((prober) => views.get(nodeNameFromKey(prober)))
    .filter((view) => view !== undefined);
}

function remember(count: Count | undefined, before: Memory | undefined, nowMs: number): Memory {
  const isSuspected = count !== undefined && count.refuters >= suspicionMin;
  const isNew = before?.suspectedAtMs === undefined || nowMs - before.suspectedAtMs >= quietMs;
  return {
    doubtedSinceMs: isSuspected && isNew ? nowMs : before?.doubtedSinceMs,
    suspectedSinceMs: isSuspected ? (before?.suspectedSinceMs ?? nowMs) : undefined,
    suspectedAtMs: isSuspected ? nowMs : before?.suspectedAtMs,
    outSinceMs: before?.outSinceMs,
    majorityAtMs: count?.isMajority === true ? nowMs : before?.majorityAtMs,
    refutation: count?.isMajority === true ? textOf('unreachable_from_outside', count) : before?.refutation,
  };
}

/**
 * Returns the node as a suspect if it is suspected, was suspected within the life of a proof, or is out of service and has not recovered for a whole
 * round. When the network recovers, nodes recover one after the other: the last one is still part of the group.
 */
function suspectOf(
  name: string,
  { region }: NodeKey,
  count: Count | undefined,
  { suspectedSinceMs, suspectedAtMs, doubtedSinceMs, outSinceMs, majorityAtMs }: Memory,
  nowMs: number,
): Suspect[] {
  const isWithin = (atMs: number | undefined, ms: number) => atMs !== undefined && nowMs - atMs < ms;
  const staysOut = outSinceMs !== undefined && isWithin(majorityAtMs, nodeProofRoundMs);
  if (!staysOut && !isWithin(suspectedAtMs, nodeProofTtlMs)) return [];
  const isSettled = suspectedSinceMs !== undefined && nowMs - suspectedSinceMs >= settleMs;
  const goesOut = count?.isMajority === true && isSettled;
  return [
    {
      name,
      region,
      sinceMs: suspectedSinceMs ?? nowMs,
      doubtedSinceMs: doubtedSinceMs ?? nowMs,
      hasMajority: isWithin(majorityAtMs, quietMs),
      outSinceMs,
      isDue: staysOut || goesOut,
    },
  ];
}

/** The ladder: the first rung that applies decides. */
function verdictOf(
  { name, hasProber, isReached, count }: Fact,
  memory: Memory,
  isDue: boolean,
  kept: ReadonlyMap<string, KeptBecause>,
  nowMs: number,
): NodeVerdict {
  const keptBecause = kept.get(name);
  const inService = { ...memory, outSinceMs: undefined };
  const known = isReached ? 'proven' : 'unproven';
  if (isDue && keptBecause === undefined) {
    const rung = count?.isMajority === true ? 'unreachable_from_outside' : 'recovering';
    const text = rung === 'recovering' ? `recovering, was ${memory.refutation ?? 'refuted'}` : textOf(rung, count);
    return { state: 'refuted', rung, text, memory: { ...memory, outSinceMs: memory.outSinceMs ?? nowMs } };
  }
  if (keptBecause !== undefined) {
    const rung = `kept_${keptBecause}` as const;
    return { state: known, rung, text: textOf(rung, count), memory: inService };
  }
  if (count !== undefined)
    return { state: known, rung: 'suspected', text: textOf('suspected', count), memory: inService };
  if (isReached) return { state: 'proven', rung: 'reached', text: 'reached', memory: inService };
  const rung = hasProber ? 'no_fresh_proof' : 'no_prober';
  return { state: 'unproven', rung, text: rung, memory: inService };
}

function textOf(rung: VerdictRung, count: Count | undefined): string {
  if (count === undefined) return rung;
  return `${rung} (${count.refuters} of ${count.able}: ${count.path} ${count.reason})`;
}
