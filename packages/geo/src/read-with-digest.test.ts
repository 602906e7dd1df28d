import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { readWithDigest } from './read-with-digest.ts';
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

  test('reads a file without a known size', async () => {
    const { bytes, digest } = await readWithDigest('/proc/self/cmdline');
    expect(bytes.toString()).toContain('node');
    expect(digest).toBe(createHash('sha256').update(bytes).digest('hex'));
  });
});
