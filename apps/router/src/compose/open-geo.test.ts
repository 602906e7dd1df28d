import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@turn-router/testing';
import { createLogger } from '../observe/logger.ts';
import { findCacheDir, openGeoProofs } from './open-geo.ts';

const sound = { sound: true } as const;
const one = '1'.repeat(64);
const two = '2'.repeat(64);

function recordLog() {
  const lines: string[] = [];
  return { lines, logger: createLogger('info', { write: (line) => void lines.push(line) }) };
}

/** Proves two files, as a start does. @returns which were proved */
async function proveTwo(...parameters: Parameters<typeof openGeoProofs>): Promise<string[]> {
  const proofs = openGeoProofs(...parameters);
  const proved: string[] = [];
  for (const digest of [one, two]) {
    await proofs.verdictOn(digest, () => {
      proved.push(digest);
      return Promise.resolve(sound);
    });
  }
  return proved;
}

const home = () => '/home/turn';
const unknown = () => {
  throw new Error('A system error occurred: uv_os_homedir returned ENOENT');
};

describe('the cache folder', () => {
  test.each([
    ['that of XDG_CACHE_HOME', { XDG_CACHE_HOME: '/var/cache/turn' }, 'linux', '/var/cache/turn'],
    ['~/.cache', {}, 'linux', '/home/turn/.cache'],
    ['~/.cache, where XDG_CACHE_HOME is empty', { XDG_CACHE_HOME: '' }, 'linux', '/home/turn/.cache'],
    ['~/.cache, where XDG_CACHE_HOME is relative', { XDG_CACHE_HOME: 'cache' }, 'linux', '/home/turn/.cache'],
    ['~/Library/Caches on macOS', {}, 'darwin', '/home/turn/Library/Caches'],
  ] as const)('is %s', (_, environment, platform, expected) => {
    expect(findCacheDir(environment, platform, home)).toBe(expected);
  });

  test('is undefined for a user that the system does not know', () => {
    expect(findCacheDir({}, 'linux', unknown)).toBeUndefined();
  });
});

describe('GeoIP verdicts', () => {
  test('are kept in STATE_DIR, else in the cache folder', async () => {
    await using directory = await temporaryDirectory('verdicts');
    const [stateDir, cacheDir] = [join(directory.path, 'state'), join(directory.path, 'cache')];
    const { logger, lines } = recordLog();
    await proveTwo({ stateDir }, cacheDir, logger);
    expect(await readdir(directory.path)).toEqual(['state']);
    expect(await readdir(join(stateDir, 'geoip-verdicts'))).toEqual([`${one}.json`, `${two}.json`]);
    expect(await proveTwo({ stateDir }, cacheDir, logger)).toEqual([]);

    expect(await proveTwo({ stateDir: undefined }, cacheDir, logger)).toEqual([one, two]);
    expect(await readdir(join(cacheDir, 'turn-router/geoip-verdicts'))).toEqual([`${one}.json`, `${two}.json`]);
    expect(lines).toEqual([]);
  });

  test.each([
    [
      'no folder can be made',
      { stateDir: '/dev/null/state' },
      '/dev/null/state/geoip-verdicts: cannot be written to (ENOTDIR)',
    ],
    ['there is no folder', { stateDir: undefined }, 'no STATE_DIR and no home folder'],
  ])('are not kept where %s, which is logged once', async (_, config, reason) => {
    const { logger, lines } = recordLog();
    expect(await proveTwo(config, undefined, logger)).toEqual([one, two]);
    expect(lines.filter((line) => line.includes('cannot store')).map((line): unknown => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 30, reason }),
    ]);
  });
});
