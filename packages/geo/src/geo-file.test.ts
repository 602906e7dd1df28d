import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { loadGeoFile } from './geo-file.ts';
import { GeoFileError } from './geo-file-error.ts';
import { MmdbPointer, writeMmdb } from './mmdb-writer.fixture.ts';
import { flatIpv4, flatIpv6, ipinfoLiteFile, nestedCityFile, nestedCountryFile } from './places.fixture.ts';
import { keepProofsIn } from './proof/kept-proofs.ts';
import { temporaryPaths } from './temporary-paths.fixture.ts';

const expectedFile =
  'expected a whole, uncompressed City or Country database (.mmdb) of GeoIP2, GeoLite2, DB-IP or IPinfo';
const pathOf = temporaryPaths();
const whole = writeMmdb(flatIpv4);

describe('a GeoIP file', () => {
  test.each([
    [flatIpv4, 4, ['ipv4']],
    [flatIpv6, 6, ['ipv6']],
    [nestedCityFile, 6, ['ipv4', 'ipv6']],
    [nestedCountryFile, 6, ['ipv4', 'ipv6']],
    [ipinfoLiteFile, 6, ['ipv4', 'ipv6']],
  ])('reports its metadata: $databaseType', async (content, ipVersion, families) => {
    const path = pathOf('file.mmdb');
    await writeFile(path, writeMmdb(content));
    const { info } = await loadGeoFile(path);
    expect(info).toEqual({
      path,
      databaseType: content.databaseType,
      ipVersion,
      families,
      builtAt: new Date('2026-06-05T12:00:00Z'),
    });
  });

  test.each([
    ['empty', Buffer.alloc(0), 'is empty'],
    [
      'another kind of file',
      Buffer.from('{"country": "GB"}'),
      'has no MaxMind DB metadata at its end: it is truncated, half-written or another kind of file',
    ],
    ['still compressed', gzipSync(whole), 'is compressed with gzip: unpack it first'],
    [
      'half-written',
      whole.subarray(0, whole.length / 2),
      'has no MaxMind DB metadata at its end: it is truncated, half-written or another kind of file',
    ],
    [
      'cut off within the metadata',
      whole.subarray(0, -3),
      'is truncated or damaged: a value reaches beyond the end of its metadata',
    ],
    [
      'without a part in the middle',
      Buffer.concat([whole.subarray(0, 100), whole.subarray(whole.lastIndexOf('MaxMind.com') - 3)]),
      `is shorter than the 59 search tree nodes in its metadata: it is truncated or damaged`,
    ],
    [
      'shifted by a byte',
      Buffer.concat([Buffer.from([1]), whole]),
      'has no separator of 16 zero bytes between search tree and data: its metadata or its search tree is damaged',
    ],
    [
      'of a type without locations',
      writeMmdb({ ...flatIpv4, databaseType: 'GeoLite2-ASN' }),
      'has the type "GeoLite2-ASN", which contains no locations',
    ],
    [
      'of records without locations',
      writeMmdb({ ...flatIpv4, networks: { '8.8.8.0/24': { asn: 1 }, '9.9.9.0/24': { asn: 2 } } }),
      'has no country for any of the 2 addresses tried',
    ],
    [
      'of IPinfo, but about networks',
      writeMmdb({ ...flatIpv4, databaseType: 'ipinfo standard_asn.mmdb' }),
      'has the type "ipinfo standard_asn.mmdb", which contains no locations',
    ],
    ['without records', writeMmdb({ ...flatIpv4, networks: {} }), 'has no country for any of the 0 addresses tried'],
    [
      'cyclic in its data',
      writeMmdb({ ...flatIpv4, networks: { '8.8.8.0/24': { country_code: 'US', again: new MmdbPointer(0) } } }),
      'is cyclic: a value of its data section contains itself',
    ],
    [
      'damaged only in the last of its networks',
      writeMmdb({
        ...flatIpv4,
        networks: { ...flatIpv4.networks, '203.0.113.0/24': { country_code: new MmdbPointer(0x7ff) } },
      }),
      'is truncated or damaged: a value reaches beyond the end of its data section',
    ],
    [
      'of a later binary format',
      writeMmdb({ ...flatIpv4, metadata: { binary_format_major_version: 3n } }),
      'has the binary format version 3: expected 2',
    ],
    [
      'of an unknown IP version',
      writeMmdb({ ...flatIpv4, metadata: { ip_version: 8n } }),
      'has the ip_version 8: expected 4 or 6',
    ],
    [
      'of an unknown record size',
      writeMmdb({ ...flatIpv4, metadata: { record_size: 20n } }),
      'has metadata or a search tree that cannot be read',
    ],
    [
      'of a wrong node count',
      writeMmdb({ ...flatIpv4, metadata: { node_count: 100_000n } }),
      'is shorter than the 100000 search tree nodes in its metadata: it is truncated or damaged',
    ],
    [
      'of no nodes',
      writeMmdb({ ...flatIpv4, metadata: { node_count: 0n } }),
      'has the node_count 0: expected a positive integer',
    ],
    ['without a name', writeMmdb({ ...flatIpv4, metadata: { database_type: 1n } }), 'has no database_type'],
    [
      'without a date',
      writeMmdb({ ...flatIpv4, metadata: { build_epoch: 'yesterday' } }),
      'has no build_epoch, the time when it was built',
    ],
  ])('is rejected when it is %s', async (_, bytes, problem) => {
    const path = pathOf('bad.mmdb');
    await writeFile(path, bytes);
    await expect(loadGeoFile(path)).rejects.toMatchObject({
      name: 'GeoFileError',
      message: `${path}: ${problem}; ${expectedFile}`,
      faults: [{ path, problem: `${problem}; ${expectedFile}` }],
    });
  });

  test.each([
    ['does not exist', 'missing.mmdb', 'does not exist'],
    ['is a directory', '.', 'is not a regular file'],
  ])('is rejected when it %s', async (_, name, problem) => {
    const path = pathOf(name);
    await expect(loadGeoFile(path)).rejects.toMatchObject({ message: `${path}: ${problem}; ${expectedFile}` });
  });

  test('is rejected or answers lookups, whichever byte is wrong', async () => {
    const path = pathOf('flipped.mmdb');
    const outcomes = new Set<string>();
    for (let i = 0; i < whole.length; i++) {
      const bytes = Buffer.from(whole);
      bytes.writeUInt8(bytes.readUInt8(i) ^ 0xff, i);
      await writeFile(path, bytes);
      try {
        const file = await loadGeoFile(path);
        for (const address of ['81.2.69.142', '8.8.8.8', '42.2.0.1', '1.1.1.1']) file.lookUp(address);
        outcomes.add('loaded, and answers');
      } catch (error) {
        outcomes.add(error instanceof GeoFileError ? 'rejected' : `crashed: ${String(error)}`);
      }
    }
    expect(outcomes).toEqual(new Set(['rejected', 'loaded, and answers']));
  });
});

describe('a GeoIP file with a stored verdict', () => {
  const broken = {
    ...flatIpv4,
    networks: { ...flatIpv4.networks, '9.9.9.0/24': { country_code: new MmdbPointer(0x7ff) } },
  };

  test('is verified once for the same bytes at any path, and again after one byte changes', async () => {
    const proofs = keepProofsIn({ directory: pathOf('verdicts') });
    const proved: unknown[] = [];
    const load = async (name: string, bytes: Buffer) => {
      await writeFile(pathOf(name), bytes);
      const file = await loadGeoFile(pathOf(name), { proofs, onProof: (begun) => proved.push(begun) });
      return file.lookUp('81.2.69.142')?.country;
    };
    const sizeBytes = whole.length;
    expect(await load('one.mmdb', whole)).toBe('GB');
    expect(await load('one.mmdb', whole)).toBe('GB');
    expect(await load('two.mmdb', whole)).toBe('GB');
    expect(proved).toEqual([{ path: pathOf('one.mmdb'), sizeBytes }]);

    const other = Buffer.from(whole);
    other.write('GA', other.indexOf('GB'));
    expect(await load('one.mmdb', other)).toBe('GA');
    expect(proved.slice(1)).toEqual([{ path: pathOf('one.mmdb'), sizeBytes }]);
  });

  test('is rejected each time if it is not sound', async () => {
    const proofs = keepProofsIn({ directory: pathOf('verdicts') });
    const path = pathOf('broken.mmdb');
    await writeFile(path, writeMmdb(broken));
    const message = `${path}: is truncated or damaged: a value reaches beyond the end of its data section; ${expectedFile}`;
    await expect(loadGeoFile(path, { proofs })).rejects.toMatchObject({ message });
    await expect(loadGeoFile(path, { proofs })).rejects.toMatchObject({ message });
  });
});
