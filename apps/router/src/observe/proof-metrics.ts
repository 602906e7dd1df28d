import type { NodeVerdict, RegionRoundTrip } from '@turn-router/outside-proof';
import type { ProofReading, RegistryFault } from '@turn-router/registry';
import { Gauge, type Registry } from 'prom-client';

/** Metrics of the proofs from outside. */
export type ProofMetrics = {
  /** Sets the source of the verdicts. It is read once per scrape. */
  readonly showProofs: (look: () => ProofState) => void;
  /** Takes the numbers of proofs that a reading does not use. */
  readonly useProofReading: (registry: string, reading: Omit<ProofReading, 'proofs'>) => void;
  /** Takes a failed reading of the proofs. A missing permission is no fault of the registry: it was created for an earlier version. */
  readonly useProofFault: (registry: string, fault: RegistryFault) => void;
};

export type ProofState = {
  /** The regions of the policy. */
  readonly regions: readonly string[];
  /** By the names of the nodes. */
  readonly judgement: ReadonlyMap<string, Pick<NodeVerdict, 'state'>>;
  readonly roundTrips: readonly RegionRoundTrip[];
};

const states: readonly NodeVerdict['state'][] = ['proven', 'unproven', 'refuted'];

/**
 * @param countFault counts a failed call to a registry
 * @returns the metrics, and `collect`, which must be called before the metrics are read
 */
export function createProofMetrics(
  registers: Registry[],
  countFault: (registry: string, fault: RegistryFault) => void,
): ProofMetrics & { readonly collect: () => void } {
  const verdicts = new Gauge({
    name: 'turn_router_node_verdicts',
    aggregator: 'max',
    help: 'Number of TURN nodes, by the verdict of all proofs together (proven, unproven or refuted). A refuted node gets no calls.',
    labelNames: ['region', 'verdict'],
    registers,
  });
  const roundTrip = new Gauge({
    name: 'turn_router_round_trip_seconds',
    aggregator: 'average',
    help: 'Median round trip from the probers of a region to the nodes of a region.',
    labelNames: ['from', 'to'],
    registers,
  });
  const invalid = new Gauge({
    name: 'turn_router_invalid_proofs',
    aggregator: 'max',
    help: 'Number of invalid proofs in the registry at the last read.',
    labelNames: ['registry'],
    registers,
  });
  const leftOut = new Gauge({
    name: 'turn_router_left_out_proofs',
    aggregator: 'max',
    help: 'Number of proofs beyond the maximum that the router reads, at the last read.',
    labelNames: ['registry'],
    registers,
  });
  const readable = new Gauge({
    name: 'turn_router_proofs_readable',
    aggregator: 'min',
    help: '1 if the last read of the proofs in the registry succeeded, else 0.',
    labelNames: ['registry'],
    registers,
  });

  let look: (() => ProofState) | undefined;
  return {
    showProofs(next) {
      look = next;
    },
    collect() {
      if (look === undefined) return;
      const { regions, judgement, roundTrips } = look();
      verdicts.reset();
      roundTrip.reset();
      for (const [region, counts] of countVerdicts(judgement, regions)) {
        for (const verdict of states) verdicts.set({ region, verdict }, counts[verdict]);
      }
      const isKnown = new Set(regions);
      for (const { from, to, roundTripMs } of roundTrips) {
        if (isKnown.has(from) && isKnown.has(to)) roundTrip.set({ from, to }, roundTripMs / 1000);
      }
    },
    useProofReading(registry, reading) {
      invalid.set({ registry }, reading.invalid);
      leftOut.set({ registry }, reading.leftOut);
      readable.set({ registry }, 1);
    },
    useProofFault(registry, fault) {
      readable.set({ registry }, 0);
      if (fault !== 'no_permission') countFault(registry, fault);
    },
  };
}

/** Returns the counts of each region of the policy, also if it has no node. */
function countVerdicts(
  judgement: ProofState['judgement'],
  regions: readonly string[],
): ReadonlyMap<string, Record<NodeVerdict['state'], number>> {
  const counts = new Map(regions.map((region) => [region, { proven: 0, unproven: 0, refuted: 0 }]));
  for (const [name, { state }] of judgement) {
    const count = counts.get(name.slice(0, name.indexOf('/')));
    if (count !== undefined) count[state] += 1;
  }
  return counts;
}
