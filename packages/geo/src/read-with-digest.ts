import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { MmdbFault } from './mmdb/mmdb-fault.ts';

/** Maximum file size, bytes: some times the size of the largest files that vendors publish. The whole file is in memory. */
export const geoFileMaxBytes = 2 ** 31;

/** Bytes hashed between two turns of the event loop: about 3 ms on a CPU without SHA-256 instructions. */
const pieceBytes = 2 ** 20;

/** A file's content and its SHA-256 in hexadecimal. The hash is that of exactly these bytes, even if the file changes while it is read. */
export type DigestedBytes = { readonly bytes: Buffer; readonly digest: string };

/**
 * Reads a whole file into one buffer. Hashes each piece in place while the next one is being read.
 *
 * @throws MmdbFault for a named pipe or a device, whose content may never end, and for a file that is too large
 */
export async function readWithDigest(path: string): Promise<DigestedBytes> {
  // Without O_NONBLOCK, opening a named pipe would wait for its writer.
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = await file.stat();
  if (!stats.isFile()) throw new MmdbFault('is not a regular file');
  const { size } = stats;
  if (size > geoFileMaxBytes) throw new MmdbFault(`has ${size} bytes, more than ${geoFileMaxBytes}`);
  const hash = createHash('sha256');
  const bytes = Buffer.allocUnsafeSlow(size);
  const readFrom = (start: number) => file.read(bytes, start, Math.min(pieceBytes, size - start), start);
  let length = 0;
  let reading = readFrom(0);
  while (length < size) {
    const { bytesRead } = await reading;
    // The file was truncated while it was read.
    if (bytesRead === 0) break;
    const piece = bytes.subarray(length, length + bytesRead);
    length += bytesRead;
    if (length < size) reading = readFrom(length);
    hash.update(piece);
  }
  return { bytes: bytes.subarray(0, length), digest: hash.digest('hex') };
}
