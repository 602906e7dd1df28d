export type { Balancer } from './balancer.ts';
export type {
  BalancerStatus,
  DoubtedNode,
  ExcludedNode,
  NodeStatus,
  RegionStatus,
  UnprovenNodes,
  UnprovenReason,
} from './balancer-status.ts';
export { createBalancer, type BalancerOptions } from './create-balancer.ts';
export { exclusionByClock, type ExclusionReason, type FindExclusion } from './exclusion.ts';
export type { FleetChange, FleetReading, ReportedChanges, ReportedNode } from './fleet-change.ts';
export { greatCircleKm, type Coordinates } from './great-circle.ts';
export type { DoubtReason } from './node-track.ts';
export type { ProvenCapacities } from './proven-memory.ts';
export { createPlacer, type PlaceCaller } from './place-caller.ts';
export type { LocatedCaller, PlacedCaller, Placement } from './placement.ts';
export type { GivenRelays, RelayDecision, RelayReason, RelayRefusal, RelayWishes } from './relay-decision.ts';
export type { RelayNode } from './relay-node.ts';
export { targetsOf } from './residency.ts';
export type { SpillEdge } from './spill-controller.ts';
