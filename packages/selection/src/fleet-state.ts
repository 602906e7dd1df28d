import type { Policy } from '@turn-router/contract/policy';
import { nodeNameFromKey } from '@turn-router/contract/registry';
import type { DoubtedNode, NodeStatus, RegionStatus } from './balancer-status.ts';
import { recordInterval } from './call-model.ts';
import type { FleetChange, FleetReading, ReportedNode } from './fleet-change.ts';
import type { RelayFleet } from './relay-fleet.ts';
import {
  countIssuedTo,
  createNodeTrack,
  isOffered,
  loadAt,
  takeReport,
  useNode,
  workAt,
  type NodeTrack,
} from './node-track.ts';
import { createRegionState, outdatePool, refreshRegion, type RegionState } from './region-state.ts';
import { relayNodeFromReport, type RelayNode } from './relay-node.ts';
import { createSpillController, type RegionLoad } from './spill-controller.ts';

/** A node in a region that is in use. */
type FleetEntry = {
  readonly track: NodeTrack;
  readonly state: RegionState;
  reported: ReportedNode;
  seenInReading: number;
};

/** A fleet through time: every node with what was given to it, every region with what was learnt of it. All times are ms of one clock. */
export function createFleetState(initialPolicy: Policy) {
  let policy = initialPolicy;
  let replicas = 1;
  let readings = 0;
  const entries = new Map<string, FleetEntry>();
  /** Nodes of regions that are not in use: another policy may use them. */
  const unused = new Map<string, ReportedNode>();
  const regions = new Map<string, RegionState>();
  const spill = createSpillController();
  /** The moment of the choice that is being made. */
  let choiceMs = 0;

  const isInUse = ({ key }: ReportedNode) => policy.regions[key.region]?.enabled === true;

  /** A node that is new or has reported. */
  function takeChanged(reported: ReportedNode, nowMs: number): void {
    const name = nodeNameFromKey(reported.key);
    if (!isInUse(reported)) {
      // To the end: once its region comes into use they are taken in in the order in which they came.
      unused.delete(name);
      unused.set(name, reported);
      return;
    }
    const node = relayNodeFromReport(reported, policy);
    const known = entries.get(name);
    if (known === undefined) {
      const state = regionState(reported.key.region, nowMs);
      const track = createNodeTrack(node, nowMs);
      state.tracks.add(track);
      outdatePool(state);
      entries.set(name, { track, state, reported, seenInReading: readings });
      return;
    }
    const { track, state } = known;
    known.reported = reported;
    const wasOffered = isOffered(track);
    const before = track.node;
    const interval = takeReport(track, node, state.model, nowMs);
    if (interval !== undefined) recordInterval(state.record, interval, nowMs);
    if (isOffered(track) !== wasOffered || !isAlikeInPool(node, before)) outdatePool(state);
    if (node.transportBits !== before.transportBits) state.pool?.offering.splice(0);
  }

  /** A node whose report stands. */
  function takeRetrusted(reported: ReportedNode, nowMs: number): void {
    const name = nodeNameFromKey(reported.key);
    const known = entries.get(name);
    if (known === undefined) {
      if (unused.has(name)) unused.set(name, reported);
      return;
    }
    known.reported = reported;
    useNode(known.track, relayNodeFromReport(reported, policy), nowMs);
    outdatePool(known.state);
  }

  function drop(name: string): void {
    unused.delete(name);
    const entry = entries.get(name);
    if (entry === undefined) return;
    entries.delete(name);
    entry.state.tracks.delete(entry.track);
    outdatePool(entry.state);
  }

  function regionState(region: string, nowMs: number): RegionState {
    const known = regions.get(region);
    if (known !== undefined) return known;
    const created = createRegionState(region, policy.calls, nowMs);
    regions.set(region, created);
    return created;
  }

  /** Brings regions and spill shares up to this moment. */
  function settle(nowMs: number): void {
    const loads = new Map<string, RegionLoad>();
    for (const [region, state] of regions) {
      refreshRegion(state, policy, nowMs);
      const { pool, load, capacityMbps, model } = state;
      if (pool !== undefined) loads.set(region, { load, capacityMbps, meanCallMs: model.meanCallMs });
    }
    spill.advance(loads, policy, nowMs);
    for (const [region, state] of regions) state.spills = spill.edgesFrom(region);
  }

  function apply(change: FleetChange, nowMs: number): void {
    replicas = change.replicas;
    for (const reported of change.changed) takeChanged(reported, nowMs);
    for (const reported of change.retrusted) takeRetrusted(reported, nowMs);
    for (const key of change.gone) drop(nodeNameFromKey(key));
    settle(nowMs);
  }

  /** What is other in a reading of the whole fleet. */
  function changeTo(reading: FleetReading): FleetChange {
    readings += 1;
    const changed: ReportedNode[] = [];
    const retrusted: ReportedNode[] = [];
    let seen = 0;
    for (const reported of reading.nodes) {
      const known = entries.get(nodeNameFromKey(reported.key));
      if (known === undefined || known.reported.report !== reported.report) changed.push(reported);
      else if (known.reported !== reported) retrusted.push(reported);
      if (known === undefined || known.seenInReading === readings) continue;
      known.seenInReading = readings;
      seen += 1;
    }
    const gone =
      seen === entries.size ? [] : [...entries.values()].filter(({ seenInReading }) => seenInReading !== readings);
    // Those of the reading are among the changed ones.
    unused.clear();
    return { changed, retrusted, gone: gone.map(({ reported }) => reported.key), replicas: reading.replicas };
  }

  const view: RelayFleet<NodeTrack> = {
    regionOf: (region) => regions.get(region),
    nodeNamed: (name) => entries.get(name)?.track,
    nodeLoad: (track) => {
      const state = regions.get(track.node.key.region);
      return state === undefined ? 0 : loadAt(track, state.model, choiceMs);
    },
  };

  return {
    apply,

    observe: (reading: FleetReading, nowMs: number): void => apply(changeTo(reading), nowMs),

    takeReports(nodes: readonly ReportedNode[], nowMs: number): void {
      for (const reported of nodes) {
        const known = entries.get(nodeNameFromKey(reported.key))?.reported;
        if (known === undefined || known.report !== reported.report) takeChanged(reported, nowMs);
        else if (known !== reported) takeRetrusted(reported, nowMs);
      }
    },

    usePolicy(next: Policy, nowMs: number): void {
      policy = next;
      for (const [name, { reported }] of entries) {
        if (isInUse(reported)) {
          takeRetrusted(reported, nowMs);
        } else {
          drop(name);
          unused.set(name, reported);
        }
      }
      for (const [name, reported] of unused) {
        if (!isInUse(reported)) continue;
        unused.delete(name);
        takeChanged(reported, nowMs);
      }
      settle(nowMs);
    },

    /** The fleet as it is at this moment; valid until the next call. */
    viewAt(nowMs: number): RelayFleet<NodeTrack> {
      choiceMs = nowMs;
      return view;
    },

    countIssued(nodes: readonly RelayNode[], nowMs: number): void {
      for (const { name } of nodes) {
        const entry = entries.get(name);
        if (entry === undefined) continue;
        countIssuedTo(entry.track, replicas / nodes.length, entry.state.model.meanCallMs, nowMs);
      }
    },

    regions: (): RegionStatus[] => [...regions.values()].filter(({ tracks }) => tracks.size > 0).map(statusOf),
    spills: spill.edges,
    doubted: (): DoubtedNode[] => doubtedNodes(entries.values()),
    replicas: () => replicas,

    nodeStatus: (name: string, nowMs: number): NodeStatus | undefined => {
      const entry = entries.get(name);
      if (entry === undefined) return undefined;
      const { track, state } = entry;
      const { capacityMbps } = track.node;
      return {
        capacityMbps,
        estimatedLoad: workAt(track, state.model, nowMs) / capacityMbps,
        reportAgeMs: nowMs - track.reportAtMs,
        doubt: track.doubt,
      };
    },

    countNodes: () => [...regions.values()].reduce((sum, { pool }) => sum + (pool?.members.length ?? 0), 0),
  };
}

/** Whether the node counts the same in its region's pool. */
function isAlikeInPool(node: RelayNode, before: RelayNode): boolean {
  return node.capacityMbps === before.capacityMbps && node.failureDomain === before.failureDomain;
}

function statusOf({ region, load, pool, capacityMbps, model }: RegionState): RegionStatus {
  return {
    region,
    load,
    nodes: pool?.members.length ?? 0,
    capacityMbps,
    meanCallSeconds: model.meanCallMs / 1000,
    mbpsPerCredential: model.credentialMbps,
  };
}

function doubtedNodes(entries: Iterable<FleetEntry>): DoubtedNode[] {
  const doubted: DoubtedNode[] = [];
  for (const { track } of entries) {
    if (track.doubt !== undefined) doubted.push({ name: track.node.name, reason: track.doubt });
  }
  return doubted;
}
