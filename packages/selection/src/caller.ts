/** What is known of where a caller is; every field may be unknown. */
export type Caller = {
  /** IPv4 or IPv6 in text, IPv4-mapped addresses already unwrapped. */
  readonly address?: string;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string;
  readonly continent?: Continent;
  /** ISO 3166-2, such as `US-CA`. */
  readonly subdivision?: string;
  /** Degrees. */
  readonly location?: { readonly latitude: number; readonly longitude: number };
  /** The regions that its token names; undefined: all. */
  readonly regions?: ReadonlySet<string> | undefined;
};

export type Continent = 'AF' | 'AN' | 'AS' | 'EU' | 'NA' | 'OC' | 'SA';
