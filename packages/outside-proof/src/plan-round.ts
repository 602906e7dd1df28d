import { nodeNameFromKey, nodeProofRoundMs, type NodeKey } from '@turn-router/contract/registry';
import type { NodesAt } from './address-load.ts';
import { confirmingMax } from './assignment.ts';
import { hashOfName, hashOfPair } from './name-hash.ts';

export type PlannedTarget = {
  readonly key: NodeKey;
  /** Where the probes go: addresses, after DNS. */
  readonly addresses: readonly string[];
  /** Suspected nodes come first. */
  readonly isSuspected: boolean;
};

/** `atMs`: time from the start of the round. */
export type PlannedProbe = { readonly target: NodeKey; readonly atMs: number };

export type RoundOptions = ProbeLimits & {
  readonly self: NodeKey;
  /** Number of the round: 0, 1, 2, …. */
  readonly round: number;
  readonly nodesAt: NodesAt;
  /** Uniform in [0, 1). */
  readonly random: () => number;
};

export type ProbeLimits = {
  /** Length of a round, ms. */
  readonly everyMs: number;
  /** How far a probe moves in its slot of the round, 0–1. With 0, each probe is in the middle of its slot. */
  readonly jitter: number;
  /** Most nodes that one prober probes in a round. More targets take turns. More cost the prober more, and leave fewer nodes unproven. */
  readonly maxTargets: number;
  /**
   * Most probes of one address in a round by the whole fleet, whatever records say. Up to four nodes at one address are probed in every round;
   * more nodes take turns.
   */
  readonly maxPerAddress: number;
};

export const probeLimits: ProbeLimits = {
  everyMs: nodeProofRoundMs,
  jitter: 0.5,
  maxTargets: 32,
  maxPerAddress: 4 * confirmingMax,
};

/**
 * Plans one round of a prober: which targets it probes, and when. Each probe has a slot of its own, so the probes are spread over the round. The
 * plan of an address over the whole fleet follows from the number of nodes at it: each prober takes its turn.
 */
export function planRound(targets: readonly PlannedTarget[], options: RoundOptions): PlannedProbe[] {
  const { everyMs, jitter, maxTargets, round, random } = options;
  const due = targets
    .map((target) => ({ target, hash: hashOfPair(hashOfName(nodeNameFromKey(target.key)), selfHash(options)) }))
    .filter(({ target, hash }) => (hash + round) % turnsOf(target, options) === 0)
    .toSorted((one, other) => one.hash - other.hash)
    .map(({ target }) => target);
  const suspected = due.filter(({ isSuspected }) => isSuspected);
  const others = due.filter(({ isSuspected }) => !isSuspected);
  // Suspected nodes leave half of the places to others. A prober that probes dead nodes only would take itself for blind.
  const placesForOthers = Math.min(others.length, Math.floor(maxTargets / 2));
  const first = takeTurns(suspected, maxTargets - placesForOthers, round);
  const planned = [...first, ...takeTurns(others, maxTargets - first.length, round)];
  const slotMs = everyMs / planned.length;
  return planned.map(({ key }, slot) => ({ target: key, atMs: (slot + 0.5 + (random() - 0.5) * jitter) * slotMs }));
}

function selfHash({ self }: RoundOptions): number {
  return hashOfName(nodeNameFromKey(self));
}

/** The number of rounds in which each prober of an address probes it once. Up to 15 probers probe one node. */
function turnsOf({ addresses }: PlannedTarget, { nodesAt, maxPerAddress }: RoundOptions): number {
  const nodes = Math.max(1, ...addresses.map(nodesAt));
  return Math.ceil((nodes * confirmingMax) / maxPerAddress);
}

/** Returns `count` of the list. In each round, the next ones. */
function takeTurns<T>(list: readonly T[], count: number, round: number): T[] {
  if (list.length <= count) return [...list];
  const start = (round * count) % list.length;
  return [...list.slice(start), ...list.slice(0, start)].slice(0, count);
}
