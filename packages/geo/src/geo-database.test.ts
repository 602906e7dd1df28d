import { rename, writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { eventually } from '@turn-router/testing';
import fc from 'fast-check';
import { countryCentres } from './country-centres.ts';
import { openGeoDatabase } from './geo-database.ts';
import { type MmdbContent, writeMmdb } from './mmdb-writer.fixture.ts';
import { flatIpv4, flatIpv6, nestedCityFile, nestedCountryFile } from './places.fixture.ts';
import { temporaryPaths } from './temporary-paths.fixture.ts';

const expectedFile =
  'expected a whole, uncompressed City or Country database (.mmdb) of GeoIP2, GeoLite2, DB-IP or IPinfo';
const pathOf = temporaryPaths();
let written = 0;

async function writeFiles(...contents: MmdbContent[]): Promise<string[]> {
  const files = contents.map((content) => ({ path: pathOf(`${++written}.mmdb`), bytes: writeMmdb(content) }));
  await Promise.all(files.map(({ path, bytes }) => writeFile(path, bytes)));
  return files.map(({ path }) => path);
}

async function openFiles(...contents: MmdbContent[]) {
  return openGeoDatabase({ paths: await writeFiles(...contents), watchIntervalMs: 0 });
}

describe('a GeoIP database', () => {
  const london = { latitude: 51.5, longitude: -0.1 };
  const gdansk = { latitude: 54.4, longitude: 18.6 };

  test('looks up IPv4 in the IPv4 file and IPv6 in the IPv6 file, in any order of files', async () => {
    for (const contents of [
      [flatIpv4, flatIpv6],
      [flatIpv6, flatIpv4],
    ]) {
      const geo = await openFiles(...contents);
      expect(geo.locate('81.2.69.142')).toEqual({ country: 'GB', continent: 'EU', location: london });
      expect(geo.locate('::ffff:81.2.69.142')).toEqual({ country: 'GB', continent: 'EU', location: london });
      expect(geo.locate('::ffff:5102:458e')).toEqual({ country: 'GB', continent: 'EU', location: london });
      expect(geo.locate('2a02:d100::1')).toEqual({ country: 'PL', continent: 'EU', location: gdansk });
    }
  });

  test('does not look up an address in a file of the other family', async () => {
    expect((await openFiles(flatIpv4)).locate('2a02:d100::1')).toBeUndefined();
    expect((await openFiles(flatIpv6)).locate('42.2.0.1')).toBeUndefined();
  });

  test('answers both families from one nested City file, with ISO subdivisions', async () => {
    const geo = await openFiles(nestedCityFile);
    const gb = { country: 'GB', continent: 'EU', subdivision: 'GB-ENG', location: london };
    expect(geo.locate('81.2.69.142')).toEqual(gb);
    expect(geo.locate('::ffff:81.2.69.142')).toEqual(gb);
    expect(geo.locate('2a02:d100::1')).toEqual({
      country: 'PL',
      continent: 'EU',
      subdivision: 'PL-22',
      location: gdansk,
    });
  });

  test('returns the country’s centre from a Country file', async () => {
    const geo = await openFiles(nestedCountryFile);
    expect(geo.locate('81.2.69.142')).toEqual({
      country: 'GB',
      continent: 'EU',
      location: { latitude: countryCentres['GB']?.[0], longitude: countryCentres['GB']?.[1] },
    });
  });

  test('returns the place from the first file that knows the address', async () => {
    const own: MmdbContent = { ...flatIpv4, networks: { '81.2.69.0/25': { country_code: 'IE' } } };
    const geo = await openFiles(own, flatIpv4);
    expect(['81.2.69.1', '81.2.69.142', '8.8.8.8'].map((address) => geo.locate(address)?.country)).toEqual([
      'IE',
      'GB',
      'US',
    ]);
  });

  test('returns undefined for private, unknown and invalid addresses', async () => {
    const geo = await openFiles({ ...flatIpv4, networks: { '0.0.0.0/1': { country_code: 'GB' } } });
    expect(geo.locate('9.9.9.9')?.country).toBe('GB');
    const nowhere = ['10.0.0.1', '127.0.0.1', '100.64.0.1', '203.0.113.1', '9.9.9.9:80', '[::1]:80', 'localhost', ''];
    expect(nowhere.map((address) => geo.locate(address))).toEqual(nowhere.map(() => undefined));
  });

  test('never throws, whatever the address', async () => {
    const geo = await openFiles(nestedCityFile, flatIpv4, flatIpv6);
    const addresses = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.ipV4(),
      fc.ipV4Extended(),
      fc.ipV6(),
      fc.stringMatching(/^[0-9a-f:.%[\]]{0,45}$/),
    );
    fc.assert(
      fc.property(addresses, (address) => {
        expect(() => geo.locate(address)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  test('reports every unusable file in one error', async () => {
    const paths = [...(await writeFiles(flatIpv4, { ...flatIpv6, databaseType: 'asn ipv6' })), pathOf('missing.mmdb')];
    await expect(openGeoDatabase({ paths, watchIntervalMs: 0 })).rejects.toMatchObject({
      name: 'GeoFileError',
      message:
        `${paths[1]}: has the type "asn ipv6", which contains no locations; ${expectedFile}\n` +
        `${paths[2]}: does not exist; ${expectedFile}`,
    });
    await expect(openGeoDatabase({ paths: [] })).rejects.toThrow(
      new RangeError('paths is empty: expected at least one GeoIP file'),
    );
  });

  test('reloads a changed file while it watches, and stops after its disposal', async () => {
    const paths = await writeFiles(flatIpv4, flatIpv6);
    const reloads: string[] = [];
    const geo = await openGeoDatabase({ paths, watchIntervalMs: 5, onReload: ({ path }) => reloads.push(path) });
    // Renamed into place, because a file that is seen while it is being written may be loaded twice.
    const [next] = await writeFiles({ ...flatIpv4, networks: { '81.2.69.0/24': { country_code: 'FR' } } });
    await rename(next ?? '', paths[0] ?? '');
    await eventually('the changed file to be taken', () => geo.locate('81.2.69.142')?.country === 'FR');
    expect(reloads).toEqual([paths[0]]);
    expect(geo.files.map(({ databaseType }) => databaseType)).toEqual(['city ipv4', 'city ipv6']);
    await geo[Symbol.asyncDispose]();
    expect(geo.locate('2a02:d100::1')?.country).toBe('PL');
  });
});

test('a requested check takes a changed file', async () => {
  const paths = await writeFiles(flatIpv4);
  const [path = ''] = paths;
  const geo = await openGeoDatabase({ paths, watchIntervalMs: 0 });
  const other = writeMmdb({ ...flatIpv4, networks: { '81.2.69.0/24': { country_code: 'FR' } } });
  await writeFile(`${path}.new`, other);
  await rename(`${path}.new`, path);
  expect(geo.locate('81.2.69.142')?.country).toBe('GB');
  await geo.reload();
  expect(geo.locate('81.2.69.142')?.country).toBe('FR');
});
