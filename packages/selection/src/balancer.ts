import type { Policy } from '@turn-router/contract/policy';
import type { BalancerStatus, NodeStatus, UnprovenNodes } from './balancer-status.ts';
import type { FleetChange, FleetReading, ReportedNode } from './fleet-change.ts';
import type { PlacedCaller, Placement } from './placement.ts';
import type { ProvenCapacities } from './proven-memory.ts';
import type { RelayDecision, RelayWishes } from './relay-decision.ts';
import type { RelayNode } from './relay-node.ts';

/**
 * Decides which relays callers get, and counts the credentials issued since each node's last report. All times are ms of one monotonic
 * clock; all random numbers are uniform in [0, 1). No method waits or reads a clock. `apply` runs in the background a few times a second;
 * `chooseFor` and `countIssued` run for each request.
 */
export interface Balancer {
  /**
   * Applies the changes in the fleet and updates the spill shares. Call it a few times a second even when nothing has changed, because
   * estimated loads fall with time. Use either `apply` or `observe`, not both.
   */
  readonly apply: (change: FleetChange, nowMs: number) => void;
  /** Like `apply`, but gets the whole fleet. For programs that do not track changes. */
  readonly observe: (reading: FleetReading, nowMs: number) => void;
  /**
   * Applies some reports before the change or reading that contains them. So a router can apply a large fleet in parts and answer requests in
   * between. The reports are used immediately. A later change may omit them, but a later reading must contain them.
   */
  readonly takeReports: (nodes: readonly ReportedNode[], nowMs: number) => void;
  /** Replaces the policy. The figures of nodes and regions that were estimated so far stay valid. */
  readonly usePolicy: (policy: Policy, nowMs: number) => void;
  /** Decides for a caller whose placement is known. Changes nothing. */
  readonly chooseFor: (placement: Placement, wishes: RelayWishes, nowMs: number, random: () => number) => RelayDecision;
  /** Decides for a caller whose natural region is known. The caller's country and the regions of its token are optional. */
  readonly choose: (caller: PlacedCaller, wishes: RelayWishes, nowMs: number, random: () => number) => RelayDecision;
  /** Counts the credentials that were issued for a decision as work of its nodes. */
  readonly countIssued: (nodes: readonly RelayNode[], nowMs: number) => void;
  readonly status: () => BalancerStatus;
  /** The state of one node, by its name `<region>/<id>`. Undefined if no enabled region of the policy has this node. */
  readonly nodeStatus: (name: string, nowMs: number) => NodeStatus | undefined;
  /** The number of nodes of which only a part of their claim counts. */
  readonly unproven: () => UnprovenNodes;
  /** What the nodes have proven. A later process gets it, so that no node has to prove it again. */
  readonly provenCapacities: () => ProvenCapacities;
  /** The number of nodes in all enabled regions that take calls. */
  readonly countNodes: () => number;
  /** Whether the policy has static nodes. They take a call if the registry has no node for it. */
  readonly hasStaticNodes: () => boolean;
}
