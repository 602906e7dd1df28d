export { defaultGeoipPaths, geoipCredit } from '@turn-router/geoip';
export { type GeoDatabase, type GeoDatabaseOptions, openGeoDatabase } from './geo-database.ts';
export { GeoFileError, type GeoFileFault } from './geo-file-error.ts';
export type { GeoFileInfo } from './geo-file-info.ts';
export type { GeoLocator } from './geo-locator.ts';
export type { Continent, Location, Place } from './place.ts';
export type { AddressFamily } from './public-address.ts';
export { type GeoProofs, type GeoVerdict, noProofs } from './proof/geo-proofs.ts';
export { keepProofsIn } from './proof/kept-proofs.ts';
