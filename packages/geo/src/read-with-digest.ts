import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

/** Some 3 ms of hashing where the CPU has no instructions for SHA-256; the event loop gets its turn in between. */
const pieceBytes = 2 ** 20;

/** A file's content and its SHA-256 in hexadecimal: of these very bytes, whatever happens to the file meanwhile. */
export type DigestedBytes = { readonly bytes: Buffer; readonly digest: string };

/** Reads a whole file into one buffer. A piece is hashed where it lies in that buffer, while the next one is being read. */
export async function readWithDigest(path: string): Promise<DigestedBytes> {
  await using file = await open(path);
  const { size } = await file.stat();
  const hash = createHash('sha256');
  // What has no size in advance, such as a pipe.
  const bytes = size === 0 ? await file.readFile() : Buffer.allocUnsafeSlow(size);
  if (size === 0) return { bytes, digest: hash.update(bytes).digest('hex') };

  const readFrom = (start: number) => file.read(bytes, start, Math.min(pieceBytes, size - start), start);
  let length = 0;
  let reading = readFrom(0);
  while (length < size) {
    const { bytesRead } = await reading;
    // The file has become shorter.
    if (bytesRead === 0) break;
    const piece = bytes.subarray(length, length + bytesRead);
    length += bytesRead;
    if (length < size) reading = readFrom(length);
    hash.update(piece);
  }
  return { bytes: bytes.subarray(0, length), digest: hash.digest('hex') };
}
