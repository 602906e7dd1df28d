import type { Transport } from '@turn-router/contract/http';
import type { RelayNode } from './relay-node.ts';

export type RelayWishes = {
  /** Hard: only this region, whatever its load. */
  readonly requireRegion?: string | undefined;
  /** A wish: this region instead of the caller's own, if it has a relay to offer. */
  readonly preferRegion?: string | undefined;
  /** Hard: only nodes that offer one of these. */
  readonly transports?: readonly Transport[] | undefined;
  /** Hard: `<region>/<id>` of nodes not to use. */
  readonly excludeNodes?: readonly string[] | undefined;
  /** At least 1. */
  readonly maxNodes: number;
};

/** Why the answer's region was taken: the rung of the ladder that decided. */
export type RelayReason = 'required' | 'preferred' | 'home' | 'spill' | 'outage' | 'overload' | 'static';

export type RelayDecision = GivenRelays | RelayRefusal;

export type GivenRelays = {
  readonly ok: true;
  readonly region: string;
  readonly reason: RelayReason;
  /** The caller's own (or preferred) region, after residency rules moved it, when `region` is another. */
  readonly spilledFrom?: string;
  /** The region is past `spillover.full`, and so is everything else that the caller may use; or it was required. */
  readonly overloaded?: true;
  /** Best first, one to `maxNodes`, all of the region. */
  readonly nodes: readonly RelayNode[];
};

export type RelayRefusal =
  | { readonly ok: false; readonly code: 'unknown_region'; readonly field: 'requireRegion' | 'preferRegion' }
  | {
      readonly ok: false;
      readonly code: 'region_forbidden' | 'region_unavailable' | 'no_relay_available' | 'fleet_overloaded';
    };
