import type { Policy } from '@turn-router/contract/policy';
import type { NodeKey } from '@turn-router/contract/registry';
import type { PlacedCaller, FleetReading } from '@turn-router/selection';
import type { Random } from '../engine/random-streams.ts';
import type { SimulatedNode } from '../engine/world.ts';

/** The balancing strategy of one router. All times are ms of one clock. */
export interface Strategy {
  /** Gets a reading of the registry. If there is no newer reading, gets the last one again. */
  readonly observe: (reading: FleetReading, nowMs: number) => void;
  /** Picks a node for a caller and counts the call. Returns undefined if there is no node. */
  readonly issue: (caller: PlacedCaller, nowMs: number, random: Random) => SimulatedNode | undefined;
}

/** The inputs of a strategy. */
export type StrategyContext = {
  readonly policy: Policy;
  /** Finds a node by its key in a reading. Only `perfect-knowledge` reads its true load. */
  readonly nodeOf: (key: NodeKey) => SimulatedNode;
};

export type CreateStrategy = (context: StrategyContext) => Strategy;
