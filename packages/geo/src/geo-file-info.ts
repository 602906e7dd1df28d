import type { AddressFamily } from './public-address.ts';

/** A file in use. */
export type GeoFileInfo = {
  /** As the operator gave it. */
  path: string;
  /** As the file names itself, such as `GeoLite2-City` or `city ipv4`. */
  databaseType: string;
  /** The width of its search tree; one of 6 may answer IPv4 too, see `families`. */
  ipVersion: 4 | 6;
  /** Which addresses it can be asked for. */
  families: readonly AddressFamily[];
  /** When its maker built it. */
  builtAt: Date;
};
