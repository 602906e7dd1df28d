import {
  nodeNameFromKey as nameOf,
  nodeProofKey,
  nodeProofTtlMs,
  type NodeKey,
  type NodeProof,
  type ProofPath,
  type StoredProof,
} from '@turn-router/contract/registry';
import { createAssignment, type Assignment, type ConfirmingTarget } from './assignment.ts';
import { uniformDraws } from './fleet.fixture.ts';
import { judgeFleet, type FleetJudgement } from './judge-fleet.ts';
import { refutesNode } from './path-finding.ts';
import { planRound, probeLimits } from './plan-round.ts';
import { takeProofs, type SeenProof } from './seen-proofs.ts';

export const udpWorks: ProofPath = { transport: 'udp', family: 'ipv4', port: 3478, ok: true, roundTripMs: 10 };
export const udpFails: ProofPath = { transport: 'udp', family: 'ipv4', port: 3478, ok: false, reason: 'timeout' };

export type World = {
  readonly fleet: readonly NodeKey[];
  /** What a probe finds. Default: every node works. */
  readonly probe?: (prober: NodeKey, target: NodeKey, atMs: number) => readonly ProofPath[];
  /** A prober that writes a proof about every node in every round, whatever its targets are. */
  readonly liars?: ReadonlyMap<string, (target: NodeKey) => readonly ProofPath[]>;
  readonly seed?: number;
  readonly untilMs: number;
  readonly maxShare?: number;
};

export type Moment = {
  readonly atMs: number;
  readonly judgement: FleetJudgement;
  readonly proofs: readonly SeenProof[];
};

const stepMs = 1000;
/** How often a router reads the proofs, ms. */
const readEveryMs = 5000;

/** Runs probers and one router in simulated time. Calls `onRead` after each reading of the router. Returns the number of probes of each round. */
export function simulateFleet(world: World, onRead: (moment: Moment) => void): number[] {
  const { fleet, untilMs, seed = 1, maxShare = 0.15, liars } = world;
  const probe = world.probe ?? (() => [udpWorks]);
  const random = uniformDraws(seed);
  const assignment = createAssignment(fleet);
  const targets = targetsOfAll(fleet, assignment);
  const registry = new Map<string, StoredProof & { readonly writtenAtMs: number }>();
  const agenda = new Map<number, (() => void)[]>();
  const probesOfRounds: number[] = [];
  let at = 0;

  const schedule = (atMs: number, action: () => void) => {
    const step = Math.floor(atMs / stepMs);
    const actions = agenda.get(step);
    if (actions === undefined) agenda.set(step, [action]);
    else actions.push(action);
  };
  const write = (prober: NodeKey, target: NodeKey, paths: readonly ProofPath[], atMs: number) => {
    at += 1;
    registry.set(nodeProofKey(target, prober), { prober, target, proof: { paths: [...paths], at }, writtenAtMs: atMs });
  };
  const read = (prober: NodeKey, target: NodeKey, atMs: number): NodeProof | undefined => {
    const stored = registry.get(nodeProofKey(target, prober));
    return stored !== undefined && atMs - stored.writtenAtMs <= nodeProofTtlMs ? stored.proof : undefined;
  };
  const refutes = (prober: NodeKey, target: NodeKey, atMs: number) => {
    const proof = read(prober, target, atMs);
    return proof !== undefined && refutesNode(proof);
  };

  function startRound(self: NodeKey, round: number, startMs: number): void {
    const lie = liars?.get(nameOf(self));
    if (lie !== undefined) {
      for (const target of fleet) if (target !== self) write(self, target, lie(target), startMs);
    } else {
      const { assigned, confirming } = targets.get(nameOf(self)) ?? { assigned: [], confirming: [] };
      const planned = [
        ...assigned.map((key) => ({ key, isSuspected: refutes(self, key, startMs) })),
        ...confirming
          .filter(({ target, assigned: first }) => [self, ...first].some((prober) => refutes(prober, target, startMs)))
          .map(({ target }) => ({ key: target, isSuspected: true })),
      ].map((target) => ({ ...target, addresses: [nameOf(target.key)] }));
      const plan = planRound(planned, { ...probeLimits, self, round, nodesAt: () => 1, random });
      probesOfRounds.push(plan.length);
      for (const { target, atMs } of plan) {
        schedule(startMs + atMs, () => write(self, target, probe(self, target, startMs + atMs), startMs + atMs));
      }
    }
    schedule(startMs + probeLimits.everyMs, () => startRound(self, round + 1, startMs + probeLimits.everyMs));
  }

  for (const prober of fleet) {
    const startMs = random() * probeLimits.everyMs;
    schedule(startMs, () => startRound(prober, 0, startMs));
  }
  let proofs: readonly SeenProof[] = [];
  let judgement: FleetJudgement = new Map();
  for (let nowMs = 0; nowMs <= untilMs; nowMs += stepMs) {
    // An action may add another one to the same step.
    for (const action of agenda.get(nowMs / stepMs) ?? []) action();
    agenda.delete(nowMs / stepMs);
    if (nowMs % readEveryMs !== 0) continue;
    const stored = [...registry.values()].filter(({ writtenAtMs }) => nowMs - writtenAtMs <= nodeProofTtlMs);
    proofs = takeProofs(proofs, stored, nowMs);
    judgement = judgeFleet({ nodes: fleet, assignment, proofs, nowMs, maxShare }, judgement);
    onRead({ atMs: nowMs, judgement, proofs });
  }
  return probesOfRounds;
}

type MutableTargets = { readonly assigned: NodeKey[]; readonly confirming: ConfirmingTarget[] };

/** Returns `targetsOf` of all probers. Asking each prober alone takes much longer. */
function targetsOfAll(fleet: readonly NodeKey[], assignment: Assignment): ReadonlyMap<string, MutableTargets> {
  const targets = new Map(
    fleet.map((node): [string, MutableTargets] => [nameOf(node), { assigned: [], confirming: [] }]),
  );
  for (const target of fleet) {
    const assigned = assignment.assigned(target);
    const isAssigned = new Set(assigned.map(nameOf));
    for (const prober of assignment.confirming(target)) {
      if (isAssigned.has(nameOf(prober))) targets.get(nameOf(prober))?.assigned.push(target);
      else targets.get(nameOf(prober))?.confirming.push({ target, assigned });
    }
  }
  return targets;
}

/** The names of the refuted nodes. */
export function refutedIn(judgement: FleetJudgement): string[] {
  return [...judgement].filter(([, { state }]) => state === 'refuted').map(([name]) => name);
}

/** Runs the world and returns all nodes that were ever refuted, with the time of the first refutation, ms. */
export function everRefuted(world: World): Map<string, number> {
  const first = new Map<string, number>();
  simulateFleet(world, ({ atMs, judgement }) => {
    for (const name of refutedIn(judgement)) if (!first.has(name)) first.set(name, atMs);
  });
  return first;
}
