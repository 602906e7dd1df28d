import type { Policy } from '@turn-router/contract/policy';
import type { NodeKey } from '@turn-router/contract/registry';
import type { PlacedCaller, FleetReading } from '@turn-router/selection';
import type { Random } from '../engine/random-streams.ts';
import type { SimulatedNode } from '../engine/world.ts';

/** How one router balances. All times are ms of one clock. */
export interface Strategy {
  /** Takes in a reading of the registry; the last one again when there is no newer. */
  readonly observe: (reading: FleetReading, nowMs: number) => void;
  /** Picks a node for a caller and remembers having done so; undefined: there is none. */
  readonly issue: (caller: PlacedCaller, nowMs: number, random: Random) => SimulatedNode | undefined;
}

/** What a strategy is made from. */
export type StrategySurroundings = {
  readonly policy: Policy;
  /** The node itself, by a key of a reading. Its true load is for the one strategy that knows everything. */
  readonly nodeOf: (key: NodeKey) => SimulatedNode;
};

export type CreateStrategy = (surroundings: StrategySurroundings) => Strategy;
