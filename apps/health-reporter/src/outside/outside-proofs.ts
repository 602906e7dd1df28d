import { nodeNameFromKey, nodeProofTtlMs, type NodeKey } from '@turn-router/contract/registry';
import {
  countNodesAt,
  planRound,
  refutesNode,
  type PlannedTarget,
  type ProbeLimits,
  type PublishedNode,
} from '@turn-router/outside-proof';
import type { Clock } from '../system/clock.ts';
import type { Wait } from '../system/wait.ts';
import type { Lookup } from './dialled-path.ts';
import { emptyFleet, fleetViewFrom, readingIntervalMs, type FleetView } from './fleet-view.ts';
import { createKnownNames } from './known-names.ts';
import type { OwnFingerprints } from './own-key-use.ts';
import type { ProofWatch } from './proof-watch.ts';
import type { ProofRegistry } from '../publish/proof-registry.ts';
import type { Prober } from './prober.ts';

export type OutsideProofsOptions = {
  readonly self: NodeKey;
  readonly ownFingerprints: OwnFingerprints;
  readonly registry: ProofRegistry;
  readonly prober: Prober;
  /** Looks up host names for planning. */
  readonly lookup: Lookup;
  readonly limits: ProbeLimits;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly wait: Wait;
  readonly watch: ProofWatch;
};

/** Probes at the same time. A probe lasts at most some seconds, so more are due at once only if the machine is busy. */
const probesAtOnceMax = 8;

/**
 * Probes other nodes in rounds and writes what it saw, until `stop` fires. A registry that is unreachable or refuses a command does not end the
 * rounds.
 */
export async function runOutsideProofs(stop: AbortSignal, options: OutsideProofsOptions): Promise<void> {
  const { self, ownFingerprints, registry, prober, lookup, limits, clock, random, wait, watch } = options;
  const names = createKnownNames(lookup);
  let fleet = emptyFleet;
  let nextReadingMs = Number.NEGATIVE_INFINITY;

  async function readFleetIfDue(): Promise<void> {
    if (clock.monotonicMs() < nextReadingMs) return;
    const records = await watch.attempt('read_nodes', () => registry.readNodes());
    if (records === undefined) return;
    fleet = fleetViewFrom(records, self, fleet, ownFingerprints);
    nextReadingMs = clock.monotonicMs() + readingIntervalMs(records.length, limits.everyMs);
    if (fleet.ownProbers !== undefined) watch.noteOwnProbers(fleet.ownProbers);
  }

  function addressesAt({ addresses, hostname = '' }: PublishedNode): string[] {
    return [...addresses, ...(names.addressesOf.get(hostname) ?? [])];
  }

  function lookUpNames({ targets: { assigned, confirming }, published, publishedOf }: FleetView): Promise<void> {
    const targets = [...assigned, ...confirming.map(({ target }) => target)];
    return names.refresh(namesOf(targets.map(publishedOf)), namesOf(published));
  }

  async function targetsOf(view: FleetView): Promise<PlannedTarget[]> {
    const { assigned, confirming } = view.targets;
    const keys = confirming.flatMap(({ target, assigned: probers }) => probers.map((by) => ({ target, prober: by })));
    const proofs = keys.length === 0 ? [] : await watch.attempt('read_proofs', () => registry.readProofs(keys));
    const suspected = new Map(
      keys.flatMap(({ target }, index) => {
        const proof = proofs?.[index];
        return proof !== undefined && refutesNode(proof) ? [[nodeNameFromKey(target), target]] : [];
      }),
    );
    const planned = (isSuspected: boolean) => (key: NodeKey) => ({
      key,
      addresses: addressesAt(view.publishedOf(key)),
      isSuspected,
    });
    return [...assigned.map(planned(false)), ...[...suspected.values()].map(planned(true))];
  }

  async function probe(target: NodeKey): Promise<void> {
    // The record is read now, because the node may have left or moved since the last reading of the fleet.
    const report = await watch.attempt('read_node', () => registry.readNode(target));
    if (report === undefined || stop.aborted) return;
    const proof = await prober.probe(target, report, { signal: stop, mayUseOwnKeys: fleet.mayUseOwnKeys(target) });
    if (stop.aborted) return;
    watch.noteProof(target, proof);
    await watch.attempt('write_proof', () => registry.putProof({ target, prober: self }, proof, nodeProofTtlMs));
  }

  async function runRound(round: number): Promise<void> {
    const startMs = clock.monotonicMs();
    await readFleetIfDue();
    await lookUpNames(fleet);
    const targets = await targetsOf(fleet);
    prober.retain(targets.map(({ key }) => key));
    watch.retain(new Set(targets.map(({ key }) => nodeNameFromKey(key))));

    const nodesAt = countNodesAt(fleet.published, names.addressesOf);
    const running = new Set<Promise<void>>();
    for (const { target, atMs } of planRound(targets, { ...limits, self, round, nodesAt, random })) {
      await wait(startMs + atMs - clock.monotonicMs(), stop);
      if (running.size >= probesAtOnceMax) await Promise.race(running);
      if (stop.aborted) break;
      const ended = probe(target).finally(() => running.delete(ended));
      running.add(ended);
    }
    await Promise.all(running);
    await wait(startMs + limits.everyMs - clock.monotonicMs(), stop);
  }

  // Fleets whose reporters start together do not read the registry together.
  await wait(random() * limits.everyMs * startShare, stop);
  for (let round = 0; !stop.aborted; round += 1) await runRound(round);
}

/** The first round starts after up to this share of a round. */
const startShare = 0.2;

function namesOf(nodes: readonly PublishedNode[]): string[] {
  return [...new Set(nodes.flatMap(({ hostname }) => hostname ?? []))];
}
