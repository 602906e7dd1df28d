import { copyFile, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  eventually,
  startRedis,
  startRouter,
  temporaryDirectory,
  tinyGeoFile,
  type RedisServer,
  type RouterProcess,
  type TemporaryDirectory,
} from '@turn-router/testing';
import { policy } from './policy.ts';

const verifying = '"event":"geoip.verifying"';
const verdictNotKept = '"event":"geoip.check_result_not_stored"';

let redis: RedisServer;
let directory: TemporaryDirectory;
let policyFile: string;
let geoFile: string;
let tests = 0;
/** Each test has a separate one. */
let stateDir: string;
beforeAll(async () => {
  directory = await temporaryDirectory('geo-verdicts');
  policyFile = join(directory.path, 'policy.yaml');
  await writeFile(policyFile, policy);
  geoFile = join(directory.path, 'tiny.mmdb');
  await copyFile(tinyGeoFile, geoFile);
  redis = await startRedis();
}, 60_000);
afterAll(async () => {
  await redis?.stop();
  await directory?.[Symbol.asyncDispose]();
});
beforeEach(() => {
  stateDir = join(directory.path, `state-${++tests}`);
});

const start = (environment: Record<string, string>, redisUrl?: string) =>
  startRouter({
    policyFile,
    turnSecrets: 'first=north-secret-of-2026',
    reporterToken: 'reporter-token-of-2026',
    redisUrl,
    environment: { GEOIP_DB: geoFile, ...environment },
  });

const countOf = (text: string, { output }: Pick<RouterProcess, 'output'>) => output().split(text).length - 1;

/** Starts and stops a router, and returns its complete log. */
async function logOf(environment: Record<string, string>, redisUrl?: string): Promise<string> {
  const router = await start(environment, redisUrl);
  await router.stop();
  return router.output();
}

async function onlyVerdictIn(folder: string): Promise<string> {
  const names = await readdir(folder);
  expect(names).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.json$/)]);
  return join(folder, names[0] ?? '');
}

test('a second start does not verify a GeoIP file again, but a start with a damaged verdict does', async () => {
  const first = await logOf({ STATE_DIR: stateDir });
  expect(first).toContain(`${verifying},"file":"${geoFile}","sizeBytes":${readFileSync(geoFile).length},`);
  const verdict = await onlyVerdictIn(join(stateDir, 'geoip-verdicts'));
  const { mode, ino, mtimeNs, ctimeNs } = await stat(verdict, { bigint: true });
  expect((mode & 0o777n).toString(8)).toBe('600');

  expect(await logOf({ STATE_DIR: stateDir })).not.toContain('GeoIP');
  expect(await stat(verdict, { bigint: true })).toMatchObject({ ino, mtimeNs, ctimeNs });

  const whole = await readFile(verdict, 'utf8');
  await writeFile(verdict, whole.slice(0, 40));
  const third = await logOf({ STATE_DIR: stateDir });
  expect(third).toContain(`"event":"geoip.check_result_ignored","reason":"${verdict}: is damaged`);
  expect(third).toContain(verifying);
  expect(await readFile(verdict, 'utf8')).toBe(whole);
}, 60_000);

describe('three workers', () => {
  test('verify a GeoIP file once, and not at all after a restart; without STATE_DIR the verdict is in the system’s cache folder', async () => {
    const environment = { WORKERS: '3', XDG_CACHE_HOME: stateDir };
    const first = await logOf(environment, redis.url);
    expect(first.split(verifying)).toHaveLength(2);
    await onlyVerdictIn(join(stateDir, 'turn-router/geoip-verdicts'));
    expect(await logOf(environment, redis.url)).not.toContain('GeoIP');
  }, 60_000);

  test('that cannot store verdicts verify a file once, also if a worker is replaced, and a changed file once more', async () => {
    const changingFile = join(directory.path, 'changing.mmdb');
    await copyFile(geoFile, changingFile);
    const environment = { GEOIP_DB: changingFile, WORKERS: '3', XDG_CACHE_HOME: '/dev/null' };
    await using router = await start(environment, redis.url);
    await eventually('a verification', () => countOf(verifying, router) > 0);
    const [, worker] = /"worker":(\d),"event":"geoip.verifying"/.exec(router.output()) ?? [];
    const children = readFileSync(`/proc/${router.pid}/task/${router.pid}/children`, 'utf8').trim().split(' ');
    process.kill(Number(children[Number(worker) - 1]), 'SIGKILL');
    await eventually('the replacement of the worker', () => countOf('"event":"worker.replaced"', router) === 1, {
      timeoutMs: 30_000,
    });

    // Creates another valid file, in which Great Britain becomes Gabon.
    const bytes = await readFile(geoFile);
    bytes.write('GA', bytes.indexOf('GB'));
    await writeFile(`${changingFile}.new`, bytes);
    await rename(`${changingFile}.new`, changingFile);
    await eventually('all workers to load the new file', () => countOf('"event":"geoip.reloaded"', router) === 3, {
      timeoutMs: 60_000,
    });
    await router.stop();
    expect(countOf(verifying, router)).toBe(2);
    expect(countOf(verdictNotKept, router)).toBe(1);
    expect(countOf('/dev/null/turn-router/geoip-verdicts: cannot be written to (ENOTDIR)', router)).toBe(1);
  }, 120_000);
});
