import type { Transport } from '@turn-router/contract/http';
import type { RelayNode } from './relay-node.ts';

export type RelayWishes = {
  /** Hard: only this region, at any load. */
  readonly requireRegion?: string | undefined;
  /** Soft: this region instead of the home region, if it has a node for the caller. */
  readonly preferRegion?: string | undefined;
  /** Hard: only nodes that offer at least one of these transports. */
  readonly transports?: readonly Transport[] | undefined;
  /** Hard: names of nodes to leave out, `<region>/<id>`. */
  readonly excludeNodes?: readonly string[] | undefined;
  /** Most nodes in the decision; at least 1. */
  readonly maxNodes: number;
};

/** The reason for the chosen region: the rung of the ladder that decided. */
export type RelayReason = 'required' | 'preferred' | 'home' | 'spill' | 'outage' | 'overload' | 'static';

export type RelayDecision = GivenRelays | RelayRefusal;

export type GivenRelays = {
  readonly ok: true;
  readonly region: string;
  readonly reason: RelayReason;
  /** The wanted region (home, after residency rules, or the preferred one) if `region` differs from it. */
  readonly spilledFrom?: string;
  /** The region is at or above `spillover.full`, and either it was required or every alternative is full too. */
  readonly overloaded?: true;
  /** One to `maxNodes` nodes of the region, best first. */
  readonly nodes: readonly RelayNode[];
};

export type RelayRefusal =
  | { readonly ok: false; readonly code: 'unknown_region'; readonly field: 'requireRegion' | 'preferRegion' }
  | {
      readonly ok: false;
      readonly code: 'region_forbidden' | 'region_unavailable' | 'no_relay_available' | 'fleet_overloaded';
    };
