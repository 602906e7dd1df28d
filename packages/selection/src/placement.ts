import type { PlacementRung } from '@turn-router/contract/http';
import type { Policy } from '@turn-router/contract/policy';
import type { Coordinates } from './great-circle.ts';

/** The known facts about a caller's location, and the regions that its token allows. Every field may be unknown. */
export type LocatedCaller = {
  /** Client address: IPv4 or IPv6 in text form. An IPv4-mapped address must already be converted to IPv4. */
  readonly address?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  /** Continent code, as in the policy's overrides. */
  readonly continent?: keyof Policy['placement']['continents'];
  /** ISO 3166-2, such as `US-CA`. */
  readonly subdivision?: string;
  readonly location?: Coordinates;
  /** Regions that the token allows; undefined means all. */
  readonly regions?: ReadonlySet<string> | undefined;
};

/** A caller with a known natural region, and the inputs of the residency rules. */
export type PlacedCaller = {
  /**
   * The natural region: the region that the placement rungs chose, before token and residency rules apply. The name of the field stays, because
   * programs outside this repository pass it to `choose`.
   */
  readonly homeRegion: string;
  /** ISO 3166-1 alpha-2; undefined when unknown. */
  readonly country?: string | undefined;
  /** Regions that the token allows; undefined means all. */
  readonly regions?: ReadonlySet<string> | undefined;
};

/** The regions that may relay a caller: all, or only these. */
export type AllowedRegions = ReadonlySet<string> | 'all';

/** A caller's home region and allowed regions. Computed once, then used by the decision, the response, the log and the metrics. */
export type Placement = {
  /** The region that the placement rungs chose. A residency rule applies if its `regions` contain this region. */
  readonly natural: string;
  /** The natural region if it is allowed, otherwise the nearest allowed region. If no region is allowed, this is the natural region, and the caller gets no
   * relay. */
  readonly home: string;
  readonly allowed: AllowedRegions;
  /** The rung that decided `home`. */
  readonly rung: PlacementRung;
};
