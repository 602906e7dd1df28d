export type { Caller, Continent } from './caller.ts';
export {
  chooseRelays,
  type RegionReason,
  type RelayDecision,
  type RelayRefusal,
  type RelayWishes,
} from './choose-relays.ts';
export { createFleet, type Fleet, type RegionFleet } from './fleet.ts';
export { createRegionLadder, type Placement, type RegionLadder } from './region-ladder.ts';
export type { RelayNode } from './relay-node.ts';
