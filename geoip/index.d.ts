/** The default data: absolute paths of DB-IP City Lite's IPv4 and IPv6 files; both are needed. */
export declare function defaultGeoipPaths(): string[];

/**
 * Whose the default data is. Its licence asks for `text`, linked to `url`, wherever results are shown; country centres
 * (used with every file) are derived from it too.
 */
export declare const geoipCredit: Readonly<{ text: string; url: string; licence: string; licenceUrl: string }>;
