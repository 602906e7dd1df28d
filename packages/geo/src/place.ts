/** The seven continents by the two letters that GeoIP2 records use. */
export type Continent = 'AF' | 'AN' | 'AS' | 'EU' | 'NA' | 'OC' | 'SA';

/** A point on the globe, in degrees: latitude -90 to 90 (north positive), longitude -180 to 180 (east positive). */
export type Coordinates = { readonly latitude: number; readonly longitude: number };

/** Where an address is, as far as the data knows. A part that the data does not tell is absent, never guessed. */
export type Place = {
  /** ISO 3166-1 alpha-2, upper case. */
  readonly country?: string;
  /** From the record, else the country's. */
  readonly continent?: Continent;
  /** ISO 3166-2 such as `US-CA`. Only files with ISO codes tell it; DB-IP's files know subdivisions by name alone. */
  readonly subdivision?: string;
  /** The record's coordinates, else the country's centre. */
  readonly location?: Coordinates;
};
