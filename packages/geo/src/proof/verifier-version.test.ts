import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { verifierVersion } from './geo-proofs.ts';

const source = new URL('../', import.meta.url);

/** What decides whether a file is sound, without comments and spaces. */
async function verifierCode(): Promise<string> {
  const mmdb = (await readdir(new URL('mmdb/', source))).filter((name) => !name.includes('.test.')).toSorted();
  const names = [...mmdb.map((name) => `mmdb/${name}`), 'geo-file.ts', 'place-reader.ts', 'place-from-parts.ts'];
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, source), 'utf8')));
  return texts.join('').replace(/\/\*\*.*?\*\/|\/\/.*?$|\s+/gms, '');
}

/**
 * A kept verdict of the same version spares a file its proof. When this fails: raise `verifierVersion` if a file that was sound so
 * far may now be refused, and write down the new digest in any case.
 */
test('the verifier is the one whose version is kept with each verdict', async () => {
  const digest = createHash('sha256')
    .update(await verifierCode())
    .digest('hex')
    .slice(0, 16);
  expect({ verifierVersion, digest }).toEqual({ verifierVersion: 1, digest: '70b2c4d463e10f05' });
});
