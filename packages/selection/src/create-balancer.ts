import { nodeNameFromKey, type Policy } from '@turn-router/contract';
import type { Balancer, BalancerStatus, DoubtedNode, RegistryReading, ReportedNode } from './balancer.ts';
import { recordInterval } from './call-model.ts';
import { chooseRelays, type FleetView } from './choose-relays.ts';
import {
  countIssuedTo,
  createNodeTrack,
  isOffered,
  loadAt,
  takeReport,
  useNode,
  type NodeTrack,
} from './node-track.ts';
import { createRegionState, refreshRegion, type RegionState } from './region-state.ts';
import { relayNodeFromReport } from './relay-node.ts';
import { createSpillController } from './spill-controller.ts';

/** A node that is in the registry and in a region that is in use. */
type Entry = {
  readonly track: NodeTrack;
  readonly state: RegionState;
  reported: ReportedNode;
  seenInReading: number;
  isForgotten: boolean;
};

export function createBalancer(initialPolicy: Policy): Balancer {
  let policy = initialPolicy;
  let lastReading: RegistryReading = { nodes: [], replicas: 1 };
  let readings = 0;
  const entries = new Map<string, Entry>();
  /** Of the last reading's nodes, in its order: most stand in the same place with the same report in the next one. */
  let entriesInOrder: readonly (Entry | undefined)[] = [];
  const regions = new Map<string, RegionState>();
  const spill = createSpillController();

  function observe(reading: RegistryReading, nowMs: number): void {
    const before = lastReading.nodes;
    lastReading = reading;
    readings += 1;
    entriesInOrder = reading.nodes.map((reported, index) => {
      const known = before[index]?.key === reported.key ? entriesInOrder[index] : undefined;
      const entry = takeReported(reported, known?.isForgotten === false ? known : undefined, nowMs);
      if (entry !== undefined) entry.seenInReading = readings;
      return entry;
    });
    forget((entry) => entry.seenInReading !== readings);
    for (const state of regions.values()) refreshRegion(state, policy, nowMs);
    spill.advance(regionLoads(), policy, nowMs);
  }

  /** The last reading's nodes, with what has been taken in of the next one. */
  function newestReports(): readonly ReportedNode[] {
    return lastReading.nodes.map((reported, index) => entriesInOrder[index]?.reported ?? reported);
  }

  /** @param atSamePlace the node's entry, if its place in the reading has told already */
  function takeReported(reported: ReportedNode, atSamePlace: Entry | undefined, nowMs: number): Entry | undefined {
    if (atSamePlace?.reported === reported) return atSamePlace;
    const { key } = reported;
    if (policy.regions[key.region]?.enabled !== true) return undefined;
    const known = atSamePlace ?? entries.get(nodeNameFromKey(key));
    if (known?.reported === reported) return known;
    const node = relayNodeFromReport(reported, policy);
    if (known === undefined) {
      const state = regionState(key.region, nowMs);
      const track = createNodeTrack(node, nowMs);
      const entry: Entry = { track, state, reported, seenInReading: readings, isForgotten: false };
      state.tracks.add(track);
      state.isPoolOutdated = true;
      entries.set(nodeNameFromKey(key), entry);
      return entry;
    }
    const isSameReport = known.reported.report === reported.report;
    known.reported = reported;
    const { track, state } = known;
    if (isSameReport) {
      useNode(track, node, nowMs);
      state.isPoolOutdated = true;
      return known;
    }
    const wasOffered = isOffered(track);
    const { capacityMbps, failureDomain } = track.node;
    const interval = takeReport(track, node, state.model, nowMs);
    if (interval !== undefined) recordInterval(state.record, interval, nowMs);
    const isAlike = node.capacityMbps === capacityMbps && node.failureDomain === failureDomain;
    if (isOffered(track) !== wasOffered || !isAlike) state.isPoolOutdated = true;
    return known;
  }

  function forget(isGone: (entry: Entry) => boolean): void {
    for (const [name, entry] of entries) {
      if (!isGone(entry)) continue;
      entries.delete(name);
      entry.isForgotten = true;
      entry.state.tracks.delete(entry.track);
      entry.state.isPoolOutdated = true;
    }
  }

  function regionState(region: string, nowMs: number): RegionState {
    const known = regions.get(region);
    if (known !== undefined) return known;
    const created = createRegionState(region, policy.calls, nowMs);
    regions.set(region, created);
    return created;
  }

  function regionLoads(): Map<string, { load: number; capacityMbps: number; meanCallMs: number }> {
    return new Map(
      [...regions]
        .filter(([, { pool }]) => pool !== undefined)
        .map(([region, { load, capacityMbps, model }]) => [
          region,
          { load, capacityMbps, meanCallMs: model.meanCallMs },
        ]),
    );
  }

  function viewAt(nowMs: number): FleetView<NodeTrack> {
    return {
      poolOf: (region) => regions.get(region)?.pool,
      nodeLoad: (track) => {
        const state = regions.get(track.node.key.region);
        return state === undefined ? 0 : loadAt(track, state.model, nowMs);
      },
      regionLoad: (region) => regions.get(region)?.load ?? 0,
      capacityMbps: (region) => regions.get(region)?.capacityMbps ?? 0,
      edgesFrom: spill.edgesFrom,
    };
  }

  return {
    takeReports(nodes, nowMs) {
      for (const reported of nodes) takeReported(reported, undefined, nowMs);
    },

    observe,

    usePolicy(next, nowMs) {
      policy = next;
      forget(({ state }) => next.regions[state.region]?.enabled !== true);
      for (const { track, state, reported } of entries.values()) {
        useNode(track, relayNodeFromReport(reported, next), nowMs);
        state.isPoolOutdated = true;
      }
      observe({ ...lastReading, nodes: newestReports() }, nowMs);
    },

    choose: (caller, wishes, nowMs, random) => chooseRelays(caller, wishes, viewAt(nowMs), policy, random),

    countIssued(nodes, nowMs) {
      for (const { name } of nodes) {
        const entry = entries.get(name);
        if (entry === undefined) continue;
        countIssuedTo(entry.track, lastReading.replicas / nodes.length, entry.state.model.meanCallMs, nowMs);
      }
    },

    status: () => ({
      regions: [...regions.values()].filter(({ tracks }) => tracks.size > 0).map(statusOf),
      spills: spill.edges(),
      doubted: doubtedNodes(entries.values()),
      replicas: lastReading.replicas,
    }),

    countNodes: () => [...regions.values()].reduce((sum, { pool }) => sum + (pool?.members.length ?? 0), 0),
  };
}

function statusOf({ region, load, pool, capacityMbps, model }: RegionState): BalancerStatus['regions'][number] {
  return {
    region,
    load,
    nodes: pool?.members.length ?? 0,
    capacityMbps,
    meanCallSeconds: model.meanCallMs / 1000,
    mbpsPerCredential: model.credentialMbps,
  };
}

function doubtedNodes(entries: Iterable<Entry>): DoubtedNode[] {
  const doubted: DoubtedNode[] = [];
  for (const { track } of entries) {
    if (track.doubt !== undefined) doubted.push({ name: track.node.name, reason: track.doubt });
  }
  return doubted;
}
