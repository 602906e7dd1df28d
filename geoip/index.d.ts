/** Returns the absolute paths of the default data: the IPv4 file and the IPv6 file of DB-IP City Lite. Both are needed. */
export declare function defaultGeoipPaths(): string[];

/**
 * The credit for the default data. Its licence requires `text`, linked to `url`, on every page that shows results. The country centres, which
 * are used with every file, are derived from it as well.
 */
export declare const geoipCredit: Readonly<{ text: string; url: string; licence: string; licenceUrl: string }>;
