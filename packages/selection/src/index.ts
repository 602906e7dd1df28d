export type {
  Balancer,
  BalancerStatus,
  DoubtedNode,
  DoubtReason,
  PlacedCaller,
  RegionStatus,
  RegistryReading,
  ReportedNode,
  SpillEdge,
} from './balancer.ts';
export type { Caller, Continent } from './caller.ts';
export type { RegionReason } from './choose-region.ts';
export type { RelayDecision, RelayRefusal, RelayWishes } from './choose-relays.ts';
export { createBalancer } from './create-balancer.ts';
export { greatCircleKm } from './great-circle.ts';
export { createRegionLadder, type Placement, type RegionLadder } from './region-ladder.ts';
export { allowedRegions, isAllowedRegion, type AllowedRegions } from './residency.ts';
export type { RelayNode } from './relay-node.ts';
export { staticNodesOf } from './static-nodes.ts';
