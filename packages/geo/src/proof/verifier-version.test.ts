import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { verifierVersion } from './geo-proofs.ts';

const source = new URL('../', import.meta.url);

/** Returns the code that decides whether a file is sound, without comments and spaces. */
async function verifierCode(): Promise<string> {
  const mmdb = (await readdir(new URL('mmdb/', source))).filter((name) => !name.includes('.test.')).toSorted();
  const names = [...mmdb.map((name) => `mmdb/${name}`), 'geo-file.ts', 'place-reader.ts', 'place-from-parts.ts'];
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, source), 'utf8')));
  return texts.join('').replace(/\/\*\*.*?\*\/|\/\/.*?$|\s+/gms, '');
}

/**
 * A stored verdict of the same version replaces the verification of a file. When this test fails, update the digest below. Also raise
 * `verifierVersion` if the change may reject a file that was sound before.
 */
test('the verifier’s code matches the version in stored verdicts', async () => {
  const digest = createHash('sha256')
    .update(await verifierCode())
    .digest('hex')
    .slice(0, 16);
  expect({ verifierVersion, digest }).toEqual({ verifierVersion: 1, digest: '0e262e28339dab96' });
});
