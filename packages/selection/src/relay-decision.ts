import type { Transport } from '@turn-router/contract/http';
import type { RelayNode } from './relay-node.ts';

export type RelayWishes = {
  /** Mandatory: only this region, at any load. */
  readonly requireRegion?: string | undefined;
  /** Optional: this region instead of the home region, if it has a node for the caller. */
  readonly preferRegion?: string | undefined;
  /** Mandatory: only nodes that offer at least one of these transports. */
  readonly transports?: readonly Transport[] | undefined;
  /** Mandatory: never these nodes. Names have the form `<region>/<id>`. */
  readonly excludeNodes?: readonly string[] | undefined;
  /** Maximum number of nodes in the decision; at least 1. */
  readonly maxNodes: number;
};

/** The reason for the chosen region: the rung of the ladder (`ladder.ts`) that decided. */
export type RelayReason = 'required' | 'preferred' | 'home' | 'spill' | 'outage' | 'overload' | 'static';

export type RelayDecision = GivenRelays | RelayRefusal;

export type GivenRelays = {
  readonly ok: true;
  readonly region: string;
  readonly reason: RelayReason;
  /** The wanted region, if `region` is a different region. The wanted region is the home region after residency rules, or the preferred region. */
  readonly spilledFrom?: string;
  /** The load of the region is at or above `spillover.full`. Either the caller required this region, or every alternative is full too. */
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
