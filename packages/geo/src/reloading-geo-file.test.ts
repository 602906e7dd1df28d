import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { type MmdbContent, writeMmdb } from './mmdb-writer.fixture.ts';
import { flatIpv4, flatIpv6, nestedCityFile } from './places.fixture.ts';
import type { PublicAddress } from './public-address.ts';
import { openReloadingGeoFile } from './reloading-geo-file.ts';
import { temporaryPaths } from './temporary-paths.fixture.ts';

const expectedFile = 'expected a whole, uncompressed City or Country database (.mmdb) of GeoIP2, GeoLite2 or DB-IP';
const london: PublicAddress = { family: 'ipv4', text: '81.2.69.142' };
const moved: MmdbContent = { ...flatIpv4, networks: { '81.2.69.0/24': { country_code: 'FR' } } };
const pathOf = temporaryPaths();

async function openFile(name: string, content: MmdbContent) {
  const path = pathOf(name);
  await writeFile(path, writeMmdb(content));
  const events: string[] = [];
  const file = await openReloadingGeoFile(path, {
    onReload: ({ databaseType }) => events.push(`took ${databaseType}`),
    onRefused: ({ message }) => events.push(message),
  });
  return { path, file, events };
}

describe('a GeoIP file in use', () => {
  test('is not read again while it stays the same', async () => {
    const { file, events } = await openFile('same.mmdb', flatIpv4);
    await file.reloadIfChanged();
    expect(events).toEqual([]);
  });

  test('is taken anew when another is renamed into its place', async () => {
    const { path, file, events } = await openFile('renamed.mmdb', flatIpv4);
    await writeFile(`${path}.new`, writeMmdb(moved));
    await rename(`${path}.new`, path);
    await file.reloadIfChanged();
    expect(events).toEqual(['took city ipv4']);
    expect(file.locate(london)?.country).toBe('FR');
  });

  test('is taken anew when a symbolic link on its path leads elsewhere, as Kubernetes does it', async () => {
    await mkdir(pathOf('v1'));
    await mkdir(pathOf('v2'));
    await writeFile(pathOf('v1/geo.mmdb'), writeMmdb(flatIpv4));
    await writeFile(pathOf('v2/geo.mmdb'), writeMmdb(moved));
    await symlink('v1', pathOf('data'));
    const file = await openReloadingGeoFile(pathOf('data/geo.mmdb'), {});
    await symlink('v2', pathOf('data.new'));
    await rename(pathOf('data.new'), pathOf('data'));
    await file.reloadIfChanged();
    expect(file.locate(london)?.country).toBe('FR');
  });

  test('stays as it was while the new one is half-written, and is taken once that is whole', async () => {
    const { path, file, events } = await openFile('written.mmdb', flatIpv4);
    const bytes = writeMmdb(moved);
    await writeFile(path, bytes.subarray(0, 200));
    await file.reloadIfChanged();
    await file.reloadIfChanged();
    expect(events).toEqual([
      `${path}: has no MaxMind DB metadata at its end: it is truncated, half-written or another kind of file; ${expectedFile}`,
    ]);
    expect(file.locate(london)?.country).toBe('GB');

    await writeFile(path, bytes);
    await file.reloadIfChanged();
    expect(events.slice(1)).toEqual(['took city ipv4']);
    expect(file.locate(london)?.country).toBe('FR');
  });

  test('stays as it was when it is removed', async () => {
    const { path, file, events } = await openFile('removed.mmdb', flatIpv4);
    await rm(path);
    await file.reloadIfChanged();
    await file.reloadIfChanged();
    expect(events).toEqual([`${path}: does not exist; ${expectedFile}`]);
    expect(file.locate(london)?.country).toBe('GB');
  });

  test('is not exchanged for one that would leave callers without an answer', async () => {
    const { path, file, events } = await openFile('narrower.mmdb', nestedCityFile);
    await writeFile(path, writeMmdb(flatIpv6));
    await file.reloadIfChanged();
    expect(events).toEqual([
      `${path}: does not answer ipv4 addresses, as the file in use does; start anew to take it all the same`,
    ]);
    expect(file.info().databaseType).toBe('GeoLite2-City');
  });

  test('answers undefined where a record makes the reader fail, and says so once', async () => {
    const readable = { country: { iso_code: 'GB' } };
    // The third network is not among those tried at the start; its traits should be a map.
    const networks = { '5.0.0.0/8': readable, '6.0.0.0/8': readable, '7.0.0.0/8': { traits: 'none' } };
    const { path, file, events } = await openFile('odd.mmdb', { ...nestedCityFile, networks });
    const odd: PublicAddress = { family: 'ipv4', text: '7.1.1.1' };
    expect([file.locate(odd), file.locate(odd)]).toEqual([undefined, undefined]);
    expect(events).toEqual([`${path}: failed to answer a lookup, which counts as unknown`]);
  });
});
