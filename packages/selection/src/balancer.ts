import type { Policy } from '@turn-router/contract/policy';
import type { BalancerStatus, NodeStatus } from './balancer-status.ts';
import type { FleetChange, FleetReading, ReportedNode } from './fleet-change.ts';
import type { PlacedCaller, Placement } from './placement.ts';
import type { RelayDecision, RelayWishes } from './relay-decision.ts';
import type { RelayNode } from './relay-node.ts';

/**
 * Decides which relays callers get, and counts the credentials issued since each node's last report. All times are ms of one monotonic
 * clock; all random numbers are uniform in [0, 1). No method waits or reads a clock. `apply` runs in the background a few times a second;
 * `chooseFor` and `countIssued` run for each request.
 */
export interface Balancer {
  /**
   * Takes in what has changed in the fleet and updates the spill shares. Call it a few times a second even when nothing has changed, because
   * estimated loads fall with time. Use either `apply` or `observe`, not both.
   */
  readonly apply: (change: FleetChange, nowMs: number) => void;
  /** Takes in the whole fleet, for programs that do not track changes. */
  readonly observe: (reading: FleetReading, nowMs: number) => void;
  /**
   * Takes in some reports before the change or reading that contains them. A large fleet can so be taken in part by part, with requests
   * answered in between. The reports count from then on. The later change may omit them; the later reading must contain them.
   */
  readonly takeReports: (nodes: readonly ReportedNode[], nowMs: number) => void;
  /** Replaces the policy; learnt figures of nodes and regions are kept. */
  readonly usePolicy: (policy: Policy, nowMs: number) => void;
  /** Decides for a placed caller and changes nothing, so `explain` can use it too. */
  readonly chooseFor: (placement: Placement, wishes: RelayWishes, nowMs: number, random: () => number) => RelayDecision;
  /** Decides for a caller with a known home region; country and token regions are optional. */
  readonly choose: (caller: PlacedCaller, wishes: RelayWishes, nowMs: number, random: () => number) => RelayDecision;
  /** Counts the credentials of an answered decision as work of its nodes. */
  readonly countIssued: (nodes: readonly RelayNode[], nowMs: number) => void;
  readonly status: () => BalancerStatus;
  /** The state of one node, by its name `<region>/<id>`; undefined when no enabled region of the policy has this node. */
  readonly nodeStatus: (name: string, nowMs: number) => NodeStatus | undefined;
  /** The number of nodes that take calls, over all enabled regions. */
  readonly countNodes: () => number;
  /** Whether static nodes exist for calls that the registry has no node for. */
  readonly hasLastResort: () => boolean;
}
