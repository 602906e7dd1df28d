import type { PlacementRung } from '@turn-router/contract/http';
import type { Policy } from '@turn-router/contract/policy';
import type { Coordinates } from './great-circle.ts';

/** What is known of where a caller is, and may be relayed; every field may be unknown. */
export type LocatedCaller = {
  /** IPv4 or IPv6 in text, IPv4-mapped addresses already unwrapped. */
  readonly address?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  /** As the policy's overrides name it. */
  readonly continent?: keyof Policy['placement']['continents'];
  /** ISO 3166-2, such as `US-CA`. */
  readonly subdivision?: string;
  readonly location?: Coordinates;
  /** The regions that its token names; undefined: all. */
  readonly regions?: ReadonlySet<string> | undefined;
};

/** A caller whose natural region is known, and what residency rules ask about it. */
export type PlacedCaller = {
  /** By the placement rungs, before token and residency rules. */
  readonly homeRegion: string;
  /** ISO 3166-1 alpha-2; undefined when unknown. */
  readonly country?: string | undefined;
  /** The regions that its token names; undefined: all. */
  readonly regions?: ReadonlySet<string> | undefined;
};

/** Where a caller may be relayed: in every region, or only in these. */
export type AllowedRegions = ReadonlySet<string> | 'all';

/** Where a caller is at home, and where it may be relayed: decided once, read by the decision, the answers, the log and the metrics. */
export type Placement = {
  /** The region that the placement rungs name. Residency rules for regions go by it. */
  readonly natural: string;
  /** The natural region, or the nearest that the caller may use. Where no region is left it is the natural one, and no relay is given. */
  readonly home: string;
  readonly allowed: AllowedRegions;
  /** The rung that decided `home`. */
  readonly rung: PlacementRung;
};
