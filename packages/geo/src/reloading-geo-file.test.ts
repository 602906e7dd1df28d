import { execFileSync } from 'node:child_process';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { type MmdbContent, writeMmdb } from './mmdb-writer.fixture.ts';
import { flatIpv4, flatIpv6, nestedCityFile } from './places.fixture.ts';
import type { PublicAddress } from './public-address.ts';
import { openReloadingGeoFile } from './reloading-geo-file.ts';
import { temporaryPaths } from './temporary-paths.fixture.ts';

const expectedFile =
  'expected a whole, uncompressed City or Country database (.mmdb) of GeoIP2, GeoLite2, DB-IP or IPinfo';
const london: PublicAddress = { family: 'ipv4', text: '81.2.69.142' };
const moved: MmdbContent = { ...flatIpv4, networks: { '81.2.69.0/24': { country_code: 'FR' } } };
const pathOf = temporaryPaths();

async function openFile(name: string, content: MmdbContent) {
  const path = pathOf(name);
  await writeFile(path, writeMmdb(content));
  const events: string[] = [];
  const file = await openReloadingGeoFile(path, {
    onReload: ({ databaseType }) => events.push(`loaded ${databaseType}`),
    onRefused: ({ message }) => events.push(message),
  });
  return { path, file, events };
}

/** A change counts at the second look that sees it. */
async function lookTwice(file: { readonly reloadIfChanged: () => Promise<void> }): Promise<void> {
  await file.reloadIfChanged();
  await file.reloadIfChanged();
}

describe('a GeoIP file in use', () => {
  test('is not read again while it is unchanged', async () => {
    const { file, events } = await openFile('same.mmdb', flatIpv4);
    await lookTwice(file);
    expect(events).toEqual([]);
  });

  test('is reloaded when another file is renamed to its path', async () => {
    const { path, file, events } = await openFile('renamed.mmdb', flatIpv4);
    await writeFile(`${path}.new`, writeMmdb(moved));
    await rename(`${path}.new`, path);
    await lookTwice(file);
    expect(events).toEqual(['loaded city ipv4']);
    expect(file.locate(london)?.country).toBe('FR');
  });

  test('is reloaded when a symbolic link on its path changes, as in Kubernetes', async () => {
    await mkdir(pathOf('v1'));
    await mkdir(pathOf('v2'));
    await writeFile(pathOf('v1/geo.mmdb'), writeMmdb(flatIpv4));
    await writeFile(pathOf('v2/geo.mmdb'), writeMmdb(moved));
    await symlink('v1', pathOf('data'));
    const file = await openReloadingGeoFile(pathOf('data/geo.mmdb'), {});
    await symlink('v2', pathOf('data.new'));
    await rename(pathOf('data.new'), pathOf('data'));
    await lookTwice(file);
    expect(file.locate(london)?.country).toBe('FR');
  });

  test('keeps the old content while the new file is half-written, and reloads it when it is complete', async () => {
    const { path, file, events } = await openFile('written.mmdb', flatIpv4);
    const bytes = writeMmdb(moved);
    await writeFile(path, bytes.subarray(0, 200));
    await lookTwice(file);
    await lookTwice(file);
    expect(events).toEqual([
      `${path}: has no MaxMind DB metadata at its end: it is truncated, half-written or another kind of file; ${expectedFile}`,
    ]);
    expect(file.locate(london)?.country).toBe('GB');

    await writeFile(path, bytes);
    await lookTwice(file);
    expect(events.slice(1)).toEqual(['loaded city ipv4']);
    expect(file.locate(london)?.country).toBe('FR');
  });

  test('keeps the old content if a named pipe takes its place, and says so once', async () => {
    const { path, file, events } = await openFile('piped.mmdb', flatIpv4);
    await rm(path);
    execFileSync('mkfifo', [path]);
    await lookTwice(file);
    await lookTwice(file);
    expect(events).toEqual([`${path}: is not a regular file; ${expectedFile}`]);
    expect(file.locate(london)?.country).toBe('GB');
  });

  test('is not read while it changes between two looks', async () => {
    const { path, file, events } = await openFile('growing.mmdb', flatIpv4);
    const bytes = writeMmdb(moved);
    for (const length of [100, 200, 300]) {
      await writeFile(path, bytes.subarray(0, length));
      await file.reloadIfChanged();
    }
    expect(events).toEqual([]);
  });

  test('is tried again when it could not be read', async () => {
    const { path, file, events } = await openFile('unreadable.mmdb', flatIpv4);
    const bytes = writeMmdb(moved);
    await rm(path);
    // A link to itself cannot be read, like any file without a free file descriptor.
    await symlink(path, path);
    for (let look = 0; look < 40; look += 1) await file.reloadIfChanged();
    expect(events).toEqual([`${path}: cannot be read (ELOOP); ${expectedFile}`]);
    await rm(path);
    await writeFile(path, bytes);
    await lookTwice(file);
    expect(events.slice(1)).toEqual(['loaded city ipv4']);
  });

  test('keeps its content when it is removed', async () => {
    const { path, file, events } = await openFile('removed.mmdb', flatIpv4);
    await rm(path);
    await lookTwice(file);
    await lookTwice(file);
    expect(events).toEqual([`${path}: does not exist; ${expectedFile}`]);
    expect(file.locate(london)?.country).toBe('GB');
  });

  test('is not replaced by a file that lacks one of its address families', async () => {
    const { path, file, events } = await openFile('narrower.mmdb', nestedCityFile);
    await writeFile(path, writeMmdb(flatIpv6));
    await lookTwice(file);
    expect(events).toEqual([
      `${path}: lacks ipv4 addresses, which the present file has: keeping the present file; restart to use the new file`,
    ]);
    expect(file.info().databaseType).toBe('GeoLite2-City');
  });

  test('returns undefined if a record makes the reader fail, and reports it once', async () => {
    const readable = { country: { iso_code: 'GB' } };
    // The samples at start do not include the third network, whose traits should be a map.
    const networks = { '5.0.0.0/8': readable, '6.0.0.0/8': readable, '7.0.0.0/8': { traits: 'none' } };
    const { path, file, events } = await openFile('odd.mmdb', { ...nestedCityFile, networks });
    const odd: PublicAddress = { family: 'ipv4', text: '7.1.1.1' };
    expect([file.locate(odd), file.locate(odd)]).toEqual([undefined, undefined]);
    expect(events).toEqual([`${path}: failed to answer a lookup: treating the address as unknown`]);
  });
});
