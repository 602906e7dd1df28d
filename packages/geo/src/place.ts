/** The seven continents by the two letters that GeoIP2 records use. */
export type Continent = 'AF' | 'AN' | 'AS' | 'EU' | 'NA' | 'OC' | 'SA';

/** A point on the globe, in degrees: latitude -90 to 90 (north positive), longitude -180 to 180 (east positive). */
export type Coordinates = { readonly latitude: number; readonly longitude: number };

/** The location of an address. A part that the data lacks is absent. */
export type Place = {
  /** ISO 3166-1 alpha-2, upper case. */
  readonly country?: string;
  /** The record's continent; if the record has none, the country's continent. */
  readonly continent?: Continent;
  /** ISO 3166-2, such as `US-CA`. Present only if the file has ISO codes; DB-IP's files have names instead. */
  readonly subdivision?: string;
  /** The record's coordinates; if the record has none, the country's centre. */
  readonly location?: Coordinates;
};
