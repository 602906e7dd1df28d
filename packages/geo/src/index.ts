export { defaultGeoipPaths, geoipCredit } from '@turn-router/geoip';
export { type GeoDatabase, type GeoDatabaseOptions, openGeoDatabase } from './geo-database.ts';
export { GeoFileError, type GeoFileFault } from './geo-file-error.ts';
export type { GeoFileInfo } from './geo-file.ts';
export type { GeoLocator } from './geo-locator.ts';
export type { Continent, Coordinates, Place } from './place.ts';
export type { IpFamily } from './public-address.ts';
export { type GeoProofs, type GeoVerdict, noProofs } from './proof/geo-proofs.ts';
export { keepProofsIn } from './proof/kept-proofs.ts';
