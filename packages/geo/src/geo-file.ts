import { readFile } from 'node:fs/promises';
import ipaddr from 'ipaddr.js';
import type { CityResponse } from 'maxmind';
import { GeoFileError } from './geo-file-error.ts';
import type { GeoFileInfo } from './geo-file-info.ts';
import { type Mmdb, openMmdb } from './mmdb/open-mmdb.ts';
import { MmdbFault } from './mmdb/mmdb-fault.ts';
import type { Place } from './place.ts';
import { type PlaceReader, placeReaderFor } from './place-reader.ts';

const EXPECTED = 'expected a whole, uncompressed City or Country database (.mmdb) of GeoIP2, GeoLite2 or DB-IP';

/** One file, read and checked from end to end. */
export type GeoFile = {
  info: GeoFileInfo;
  /** @param address of one of the file's families, in plain form; throws where the file is damaged */
  lookUp(address: string): Place | undefined;
};

/**
 * Reads a whole file into memory and proves it: format, type, every record, and some lookups.
 *
 * @throws GeoFileError
 */
export async function loadGeoFile(path: string): Promise<GeoFile> {
  try {
    return await fileFromBytes(path, await readFile(path));
  } catch (cause) {
    throw new GeoFileError([{ path, problem: `${problemOf(cause)}; ${EXPECTED}` }], { cause });
  }
}

async function fileFromBytes(path: string, bytes: Buffer): Promise<GeoFile> {
  const mmdb = openMmdb(bytes);
  const { databaseType, ipVersion, buildEpoch } = mmdb.metadata;
  const readPlace = placeReaderFor(databaseType);
  if (readPlace === undefined) throw new MmdbFault(`is of the type "${databaseType}", which does not tell places`);
  const lookUp = createLookUp(mmdb, readPlace);
  const samples = await mmdb.checkEveryRecord();
  const places = samples.map((address) => lookUp(ipaddr.fromByteArray(address).toString()));
  if (!places.some((place) => place?.country !== undefined)) {
    throw new MmdbFault(`tells no country for any of the ${samples.length} addresses tried`);
  }
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

/** The reader's cache hands out the same record again, so its place is made once. */
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

function systemErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
