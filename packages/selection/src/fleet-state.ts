import type { Policy } from '@turn-router/contract/policy';
import { nodeNameFromKey } from '@turn-router/contract/registry';
import type { NodeStatus, RegionStatus } from './balancer-status.ts';
import { doubtedNodes, excludedNodes, nodeStatusAt, regionStatusOf, unprovenNodes } from './fleet-status.ts';
import { addInterval } from './call-model.ts';
import { exclusionFromReport, type FindExclusion } from './exclusion.ts';
import type { FleetChange, FleetReading, ReportedNode } from './fleet-change.ts';
import type { RelayFleet } from './relay-fleet.ts';
import {
  countIssuedTo,
  createNodeTrack,
  isOffered,
  mayWin,
  loadAt,
  takeReport,
  rereadReport,
  type NodeTrack,
} from './node-track.ts';
import { boundsAt } from './node-proof.ts';
import { createProvenMemory, type ProvenCapacities } from './proven-memory.ts';
import { createRegionState, markPoolOutdated, refreshRegion, type RegionState } from './region-state.ts';
import { hasSamePoolFigures, relayNodeFromReport, type CapacityBounds, type RelayNode } from './relay-node.ts';
import { createSpillController, type RegionLoad } from './spill-controller.ts';

/** A node in an enabled region. */
type FleetEntry = {
  readonly track: NodeTrack;
  readonly state: RegionState;
  reported: ReportedNode;
  seenInReading: number;
};

export type FleetStateOptions = {
  /** Whether claims are bounded until the nodes have proven them; default `proof`. */
  readonly bounds?: 'proof' | 'none';
  /** What the nodes proved to an earlier process. */
  readonly proven?: ProvenCapacities | undefined;
  /** Default: excludes nodes that report a wrong clock. */
  readonly findExclusion?: FindExclusion | undefined;
};

/** The state of a fleet over time: each node with the credentials issued for it, and each region with the estimated figures of its calls. All times are
 * ms of one clock. */
export function createFleetState(
  initialPolicy: Policy,
  { bounds = 'proof', proven, findExclusion = exclusionFromReport }: FleetStateOptions = {},
) {
  let policy = initialPolicy;
  let replicas = 1;
  let readings = 0;
  const entries = new Map<string, FleetEntry>();
  /** Nodes of disabled or unknown regions. A later policy may enable their region. */
  const unused = new Map<string, ReportedNode>();
  const regions = new Map<string, RegionState>();
  const spill = createSpillController();
  const memory = createProvenMemory(proven);
  /** Time of the current decision. */
  let choiceMs = 0;

  const nodeFrom = (reported: ReportedNode, claimBounds?: CapacityBounds) =>
    relayNodeFromReport(reported, policy, claimBounds, findExclusion(reported));
  const isInUse = ({ key }: ReportedNode) => policy.regions[key.region]?.enabled === true;

  /** Applies the report of a new node, or a new report of a known node. */
  function takeChanged(reported: ReportedNode, nowMs: number): void {
    const name = nodeNameFromKey(reported.key);
    if (!isInUse(reported)) {
      // Moves the node to the end. If its region is enabled later, its nodes are then added in order of arrival.
      unused.delete(name);
      unused.set(name, reported);
      return;
    }
    const known = entries.get(name);
    if (known === undefined) {
      const state = regionState(reported.key.region, nowMs);
      const track = createNodeTrack(nodeFrom(reported), nowMs, memory.take(name));
      state.tracks.add(track);
      markPoolOutdated(state);
      entries.set(name, { track, state, reported, seenInReading: readings });
      return;
    }
    const { track, state } = known;
    known.reported = reported;
    const wasOffered = isOffered(track);
    const { node: before, drawShare } = track;
    const node = boundedNode(reported, known, nowMs);
    const interval = takeReport(track, node, state, nowMs);
    if (interval !== undefined) addInterval(state.sums, interval, nowMs);
    const isSameInPool = hasSamePoolFigures(node, before) && track.drawShare === drawShare;
    if (isOffered(track) !== wasOffered || !isSameInPool) markPoolOutdated(state);
    if (node.transportBits !== before.transportBits) state.pool?.offering.splice(0);
  }

  function boundedNode(reported: ReportedNode, { track, state }: FleetEntry, nowMs: number): RelayNode {
    return nodeFrom(reported, boundsAt(track, state.unprovenMbps, state.model, nowMs));
  }

  /** Applies a changed trusted share, or the same report under a changed policy. */
  function takeRetrusted(reported: ReportedNode, nowMs: number): void {
    const name = nodeNameFromKey(reported.key);
    const known = entries.get(name);
    if (known === undefined) {
      if (unused.has(name)) unused.set(name, reported);
      return;
    }
    known.reported = reported;
    rereadReport(known.track, boundedNode(reported, known, nowMs), known.state.model, nowMs);
    markPoolOutdated(known.state);
  }

  function drop(name: string): void {
    unused.delete(name);
    const entry = entries.get(name);
    if (entry === undefined) return;
    entries.delete(name);
    memory.keep(name, entry.track.provenMbps);
    entry.state.tracks.delete(entry.track);
    markPoolOutdated(entry.state);
  }

  function regionState(region: string, nowMs: number): RegionState {
    const known = regions.get(region);
    if (known !== undefined) return known;
    const created = createRegionState(region, policy.calls, nowMs);
    regions.set(region, created);
    return created;
  }

  /** Updates regions and spill shares to this time. */
  function refresh(nowMs: number): void {
    const loads = new Map<string, RegionLoad>();
    for (const [region, state] of regions) {
      state.replicas = replicas;
      refreshRegion(state, policy, nowMs, bounds);
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
    refresh(nowMs);
  }

  /** Compares a reading of the whole fleet with the known fleet. */
  function changesIn(reading: FleetReading): FleetChange {
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
    // If the reading contains these nodes, they are in `changed` too.
    unused.clear();
    return { changed, retrusted, gone: gone.map(({ reported }) => reported.key), replicas: reading.replicas };
  }

  const view: RelayFleet<NodeTrack> = {
    regionOf: (region) => regions.get(region),
    nodeNamed: (name) => entries.get(name)?.track,
    cautiousLoad: (track) => {
      const state = regions.get(track.node.key.region);
      if (state === undefined) return 0;
      const load = loadAt(track, state.model, choiceMs);
      return mayWin(track) ? load : Math.max(load, state.trustedLoad);
    },
  };

  return {
    apply,

    observe: (reading: FleetReading, nowMs: number): void => apply(changesIn(reading), nowMs),

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
      refresh(nowMs);
    },

    /** The fleet at this time. The result is valid until the next call of `viewAt`. */
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

    regions: (): RegionStatus[] => [...regions.values()].filter(({ tracks }) => tracks.size > 0).map(regionStatusOf),
    spills: spill.edges,
    doubted: () => doubtedNodes(entries.values()),
    excluded: () => excludedNodes(entries.values()),
    unproven: () => unprovenNodes(entries.values()),
    provenCapacities: () => memory.all(entries),
    replicas: () => replicas,

    nodeStatus(name: string, nowMs: number): NodeStatus | undefined {
      const entry = entries.get(name);
      return entry === undefined ? undefined : nodeStatusAt(entry, nowMs);
    },

    countNodes: () => [...regions.values()].reduce((sum, { pool }) => sum + (pool?.members.length ?? 0), 0),
  };
}
