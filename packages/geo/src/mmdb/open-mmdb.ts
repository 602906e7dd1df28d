import { type CityResponse, Reader } from 'maxmind';
import { checkSearchTree } from './check-search-tree.ts';
import { DataSection } from './data-section.ts';
import { MmdbFault } from './mmdb-fault.ts';
import { RecordCache } from './record-cache.ts';
import { SearchTree } from './search-tree.ts';

const METADATA_MARKER = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
const SEPARATOR_BYTES = 16;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);
const CACHED_RECORDS = 5_000;

type Metadata = Reader<CityResponse>['metadata'];

/** A MaxMind DB file in memory. Metadata is checked; the rest only after `checkEveryRecord`. */
export type Mmdb = {
  metadata: Metadata;
  reader: Reader<CityResponse>;
  answersIpv4: boolean;
  /** Walks the whole file. Returns addresses (4 or 16 bytes) that it has an answer for. @throws MmdbFault */
  checkEveryRecord(): Promise<number[][]>;
};

/**
 * Opens the bytes of a MaxMind DB file.
 *
 * Source: MaxMind DB File Format Specification 2.0, "Database Metadata".
 * @throws MmdbFault
 */
export function openMmdb(bytes: Buffer): Mmdb {
  const marker = bytes.lastIndexOf(METADATA_MARKER);
  if (marker === -1) throw new MmdbFault(missingMetadata(bytes));
  new DataSection(bytes.subarray(marker + METADATA_MARKER.length), 'metadata').checkRecord(0);

  const reader = createReader(bytes);
  const { metadata } = reader;
  checkMetadata(metadata);
  const dataStart = metadata.searchTreeSize + SEPARATOR_BYTES;
  if (dataStart > marker) {
    throw new MmdbFault(
      `is shorter than the ${metadata.nodeCount} search tree nodes that its metadata tells of: it is truncated or damaged`,
    );
  }
  if (bytes.subarray(metadata.searchTreeSize, dataStart).some((byte) => byte !== 0)) {
    throw new MmdbFault(
      'has no separator of 16 zero bytes between search tree and data: its metadata or its search tree is damaged',
    );
  }
  const tree = new SearchTree(bytes.subarray(0, metadata.searchTreeSize), metadata);
  return {
    metadata,
    reader,
    answersIpv4: tree.holdsIpv4(),
    checkEveryRecord: () => checkSearchTree(tree, new DataSection(bytes.subarray(dataStart, marker), 'data section')),
  };
}

function missingMetadata(bytes: Buffer): string {
  if (bytes.length === 0) return 'is empty';
  if (bytes.subarray(0, 2).equals(GZIP_MAGIC)) return 'is compressed with gzip: unpack it first';
  return 'has no MaxMind DB metadata at its end: it is truncated, half-written or another kind of file';
}

function createReader(bytes: Buffer): Reader<CityResponse> {
  try {
    return new Reader<CityResponse>(bytes, { cache: new RecordCache(CACHED_RECORDS) });
  } catch (cause) {
    throw new MmdbFault('has metadata or a search tree that cannot be read', { cause });
  }
}

function checkMetadata(metadata: Metadata): void {
  const { binaryFormatMajorVersion, ipVersion, nodeCount, databaseType, buildEpoch } = metadata;
  if (binaryFormatMajorVersion !== 2) {
    throw new MmdbFault(`has the binary format version ${String(binaryFormatMajorVersion)}: expected 2`);
  }
  if (ipVersion !== 4 && ipVersion !== 6)
    throw new MmdbFault(`has the ip_version ${String(ipVersion)}: expected 4 or 6`);
  if (!Number.isInteger(nodeCount) || nodeCount < 1) {
    throw new MmdbFault(`has the node_count ${String(nodeCount)}: expected a positive integer`);
  }
  if (typeof databaseType !== 'string') throw new MmdbFault('has no database_type');
  if (!(buildEpoch.getTime() > 0)) throw new MmdbFault('has no build_epoch, the time when it was built');
}
