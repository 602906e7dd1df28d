import { type CityResponse, Reader } from 'maxmind';
import { checkSearchTree, separatorBytes } from './check-search-tree.ts';
import { createDataSection } from './data-section.ts';
import { MmdbFault } from './mmdb-fault.ts';
import { createRecordCache } from './record-cache.ts';
import { createSearchTree } from './search-tree.ts';

const metadataMarker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
const gzipMagic = Buffer.from([0x1f, 0x8b]);
const cachedRecords = 5_000;

type Metadata = Reader<CityResponse>['metadata'];

/** A MaxMind DB file in memory. Opening checks its metadata; `checkEveryRecord` checks the rest. */
export type Mmdb = {
  readonly metadata: Metadata;
  readonly reader: Reader<CityResponse>;
  readonly answersIpv4: boolean;
  /** Checks the whole file. Returns sample addresses (4 or 16 bytes) that have a record. @throws MmdbFault */
  readonly checkEveryRecord: () => Promise<number[][]>;
};

/**
 * Opens the bytes of a MaxMind DB file.
 *
 * Source: MaxMind DB File Format Specification 2.0, "Database Metadata".
 * @throws MmdbFault
 */
export function openMmdb(bytes: Buffer): Mmdb {
  const marker = bytes.lastIndexOf(metadataMarker);
  if (marker === -1) throw new MmdbFault(missingMetadata(bytes));
  createDataSection(bytes.subarray(marker + metadataMarker.length), 'metadata').checkRecord(0);

  const reader = createReader(bytes);
  const { metadata } = reader;
  checkMetadata(metadata);
  const dataStart = metadata.searchTreeSize + separatorBytes;
  if (dataStart > marker) {
    throw new MmdbFault(
      `is shorter than the ${metadata.nodeCount} search tree nodes in its metadata: it is truncated or damaged`,
    );
  }
  if (bytes.subarray(metadata.searchTreeSize, dataStart).some((byte) => byte !== 0)) {
    throw new MmdbFault(
      'has no separator of 16 zero bytes between search tree and data: its metadata or its search tree is damaged',
    );
  }
  const tree = createSearchTree(bytes.subarray(0, metadata.searchTreeSize), metadata);
  return {
    metadata,
    reader,
    answersIpv4: tree.holdsIpv4(),
    checkEveryRecord: () => checkSearchTree(tree, createDataSection(bytes.subarray(dataStart, marker), 'data section')),
  };
}

function missingMetadata(bytes: Buffer): string {
  if (bytes.length === 0) return 'is empty';
  if (bytes.subarray(0, 2).equals(gzipMagic)) return 'is compressed with gzip: unpack it first';
  return 'has no MaxMind DB metadata at its end: it is truncated, half-written or another kind of file';
}

function createReader(bytes: Buffer): Reader<CityResponse> {
  try {
    return new Reader<CityResponse>(bytes, { cache: createRecordCache(cachedRecords) });
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
