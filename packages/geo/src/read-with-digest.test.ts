import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { truncate, writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { geoFileMaxBytes, readWithDigest } from './read-with-digest.ts';
import { temporaryPaths } from './temporary-paths.fixture.ts';

const pathOf = temporaryPaths();
const piece = 2 ** 20;

describe('readWithDigest', () => {
  test.each([0, 1, piece - 1, piece, piece + 1, 2 * piece, 2 * piece + 3])('reads all of %d bytes', async (length) => {
    const content = Buffer.alloc(length, 'some bytes of a length that fits no piece');
    const path = pathOf(`${length}.bin`);
    await writeFile(path, content);
    const { bytes, digest } = await readWithDigest(path);
    expect(bytes.equals(content)).toBe(true);
    expect(digest).toBe(createHash('sha256').update(content).digest('hex'));
  });

  test.each([
    ['a device without an end', () => '/dev/zero'],
    ['a directory', () => '/dev'],
    ['a named pipe, without waiting for its writer', makePipe],
  ])('refuses %s', async (_, pathOfIt) => {
    await expect(readWithDigest(pathOfIt())).rejects.toThrow('is not a regular file');
  });

  test('refuses a large file by its size, without reading it', async () => {
    const path = pathOf('large.bin');
    await writeFile(path, '');
    // The file has no content on disk.
    await truncate(path, geoFileMaxBytes + 1);
    await expect(readWithDigest(path)).rejects.toThrow(
      `has ${geoFileMaxBytes + 1} bytes, more than ${geoFileMaxBytes}`,
    );
  });
});

function makePipe(): string {
  const path = pathOf('pipe');
  execFileSync('mkfifo', [path]);
  return path;
}
