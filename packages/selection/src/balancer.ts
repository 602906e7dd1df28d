import type { Policy } from '@turn-router/contract/policy';
import type { BalancerStatus, NodeStatus } from './balancer-status.ts';
import type { FleetChange, FleetReading, ReportedNode } from './fleet-change.ts';
import type { PlacedCaller, Placement } from './placement.ts';
import type { RelayDecision, RelayWishes } from './relay-decision.ts';
import type { RelayNode } from './relay-node.ts';

/**
 * Decides which relays callers get, and remembers what it has given out since each node last reported. All times are ms of one monotonic
 * clock, all chances uniform in [0, 1). Nothing here waits or reads a clock: `apply` runs in the background a few times a second,
 * `chooseFor` and `countIssued` for each request.
 */
export interface Balancer {
  /**
   * Takes in what has changed in the fleet and moves the spill shares on. Call it a few times a second even when nothing has changed: loads
   * fade with time. Use it or `observe`, not both.
   */
  readonly apply: (change: FleetChange, nowMs: number) => void;
  /** Takes in the fleet as a whole, for those who do not know what has changed. */
  readonly observe: (reading: FleetReading, nowMs: number) => void;
  /**
   * Takes in some reports of the next change or reading ahead of it, so that the many of a large fleet can be taken in with requests
   * answered in between. They count from then on. A change need not name them again; a reading does.
   */
  readonly takeReports: (nodes: readonly ReportedNode[], nowMs: number) => void;
  /** Takes another policy; what was learnt of nodes and regions stays. */
  readonly usePolicy: (policy: Policy, nowMs: number) => void;
  /** Decides and changes nothing, so a decision can also be asked for to explain it. */
  readonly chooseFor: (placement: Placement, wishes: RelayWishes, nowMs: number, random: () => number) => RelayDecision;
  /** The same for a caller whose region is known, and nothing else. */
  readonly choose: (caller: PlacedCaller, wishes: RelayWishes, nowMs: number, random: () => number) => RelayDecision;
  /** Says that a decision was answered: its nodes are about to get the call. */
  readonly countIssued: (nodes: readonly RelayNode[], nowMs: number) => void;
  readonly status: () => BalancerStatus;
  /** One node at this moment, by its name `<region>/<id>`; undefined when none of that name is in a region of the policy. */
  readonly nodeStatus: (name: string, nowMs: number) => NodeStatus | undefined;
  /** Nodes that take calls, of all regions in use. */
  readonly countNodes: () => number;
  /** Whether there are nodes for calls for which the registry has none. */
  readonly hasLastResort: () => boolean;
}
