import { fileURLToPath } from 'node:url';

/** Addresses that the tiny GeoIP file contains, one near each of three regions. */
export const tinyGeoCallers = { virginia: '8.8.8.8', london: '81.2.69.142', singapore: '103.6.148.1' } as const;

/**
 * The path of a MaxMind DB with three networks, in the flat record format of DB-IP: 8.8.8.0/24 US, 81.2.69.0/24 GB, 103.6.148.0/24 SG.
 * The writer in packages/geo's fixtures wrote it. A router that reads it starts in half a second instead of seven, and needs 150 MiB less.
 */
export const tinyGeoFile = fileURLToPath(new URL('../../tiny.mmdb', import.meta.url));
