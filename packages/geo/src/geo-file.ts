import ipaddr from 'ipaddr.js';
import type { CityResponse } from 'maxmind';
import { GeoFileError } from './geo-file-error.ts';
import { type Mmdb, openMmdb } from './mmdb/open-mmdb.ts';
import { MmdbFault } from './mmdb/mmdb-fault.ts';
import type { Place } from './place.ts';
import { type PlaceReader, placeReaderFor } from './place-reader.ts';
import type { IpFamily } from './public-address.ts';
import { type GeoProofs, type GeoVerdict, noProofs } from './proof/geo-proofs.ts';
import { type DigestedBytes, readWithDigest } from './read-with-digest.ts';
import { systemErrorCode } from './system-error-code.ts';

const expectedFile =
  'expected a whole, uncompressed City or Country database (.mmdb) of GeoIP2, GeoLite2, DB-IP or IPinfo';

/** Describes a file in use. */
export type GeoFileInfo = {
  /** The path as configured. */
  readonly path: string;
  /** The database type in the file's metadata, such as `GeoLite2-City` or `city ipv4`. */
  readonly databaseType: string;
  /** The IP version of its search tree. A tree of version 6 may also contain IPv4 addresses, see `families`. */
  readonly ipVersion: 4 | 6;
  /** The address families for which it can answer. */
  readonly families: readonly IpFamily[];
  /** The build time in the file's metadata. */
  readonly builtAt: Date;
};

/** One file that was read completely and verified. */
export type GeoFile = {
  readonly info: GeoFileInfo;
  /** Throws if the file is damaged. @param address an address of one of the file's families, in plain form */
  readonly lookUp: (address: string) => Place | undefined;
};

export type GeoFileOptions = {
  /** The stored check results. Default: none. */
  readonly proofs?: GeoProofs | undefined;
  /** Called when the verification of a file begins. The verification takes a few seconds for each 100 MB. Must not throw. */
  readonly onProof?: ((file: { readonly path: string; readonly sizeBytes: number }) => void) | undefined;
};

/**
 * Reads a whole file into memory and verifies it: format, type, every record, and some lookups. Skips the verification if `proofs` has a
 * stored check result for the same bytes.
 *
 * @throws GeoFileError
 */
export async function loadGeoFile(path: string, options: GeoFileOptions = {}): Promise<GeoFile> {
  try {
    return await fileFromBytes(path, await readWithDigest(path), options);
  } catch (cause) {
    throw new GeoFileError([{ path, problem: `${problemOf(cause)}; ${expectedFile}` }], { cause });
  }
}

async function fileFromBytes(
  path: string,
  { bytes, digest }: DigestedBytes,
  { proofs = noProofs, onProof }: GeoFileOptions,
): Promise<GeoFile> {
  const mmdb = openMmdb(bytes);
  const { databaseType, ipVersion, buildEpoch } = mmdb.metadata;
  const readPlace = placeReaderFor(databaseType);
  if (readPlace === undefined) throw new MmdbFault(`has the type "${databaseType}", which contains no locations`);
  const lookUp = createLookUp(mmdb, readPlace);
  const verdict = await proofs.verdictOn(digest, () => {
    onProof?.({ path, sizeBytes: bytes.length });
    return prove(mmdb, lookUp);
  });
  if (!verdict.sound) throw new MmdbFault(verdict.problem);
  return {
    info: {
      path,
      databaseType,
      ipVersion: ipVersion === 4 ? 4 : 6,
      families: [...(mmdb.answersIpv4 ? (['ipv4'] as const) : []), ...(ipVersion === 6 ? (['ipv6'] as const) : [])],
      builtAt: buildEpoch,
    },
    lookUp,
  };
}

async function prove(mmdb: Mmdb, lookUp: GeoFile['lookUp']): Promise<GeoVerdict> {
  try {
    const samples = await mmdb.checkEveryRecord();
    const places = samples.map((address) => lookUp(ipaddr.fromByteArray(address).toString()));
    return places.some((place) => place?.country !== undefined)
      ? { sound: true }
      : { sound: false, problem: `has no country for any of the ${samples.length} addresses tried` };
  } catch (error) {
    if (error instanceof MmdbFault) return { sound: false, problem: error.message };
    throw error;
  }
}

/** The reader's cache returns the same record object again, so each record is converted once. */
function createLookUp({ reader }: Mmdb, readPlace: PlaceReader): GeoFile['lookUp'] {
  const places = new WeakMap<CityResponse, Place | undefined>();
  return (address) => {
    const record = reader.get(address);
    if (record === null) return undefined;
    const known = places.get(record);
    if (known !== undefined) return known;
    const place = readPlace(record);
    places.set(record, place);
    return place;
  };
}

function problemOf(error: unknown): string {
  if (error instanceof MmdbFault) return error.message;
  const code = systemErrorCode(error);
  if (code !== undefined) return code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
  return `cannot be read (${String(error)})`;
}
