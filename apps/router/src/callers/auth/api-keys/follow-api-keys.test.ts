import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createRedisApiKeys } from '@turn-router/registry';
import {
  eventually,
  startRedis,
  temporaryDirectory,
  type RedisServer,
  type TemporaryDirectory,
} from '@turn-router/testing';
import { formatApiKey, hashApiKey } from '@turn-router/turn-credentials';
import { createLogger } from '../../../observe/logger.ts';
import { createMetrics } from '../../../observe/metrics.ts';
import { followApiKeys } from './follow-api-keys.ts';

const key = formatApiKey('web', Buffer.alloc(32, 1));
const record = JSON.stringify({ secrets: [{ sha256: hashApiKey(key).toString('hex') }] });

let redis: RedisServer;
let directory: TemporaryDirectory;
beforeAll(async () => {
  redis = await startRedis();
  directory = await temporaryDirectory('follow-api-keys');
});
afterAll(async () => {
  await redis.stop();
  await directory[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await redis.cli('FLUSHALL');
  await rm(join(directory.path, 'state'), { recursive: true, force: true });
});

const stateFile = () => join(directory.path, 'state', 'api-keys.json');

/** Follows API keys as the router does, and collects its log messages. */
async function follow({
  file,
  writesState = true,
  url = redis.url,
}: {
  file?: string;
  writesState?: boolean;
  url?: string;
}) {
  const lines: string[] = [];
  const metrics = createMetrics();
  const callers = await followApiKeys(
    { file, redisUrls: url, stateDir: join(directory.path, 'state'), writesState },
    {
      nowMs: () => 2,
      monotonicNowMs: () => performance.now(),
      random: () => 0,
      logger: createLogger('info', { write: (line) => void lines.push(JSON.parse(line).msg) }),
      metrics,
    },
  );
  return { ...callers, lines, metrics };
}

describe('the API keys of a router', () => {
  test('are known at the start, and kept on disk for a start while Redis is away', async () => {
    await using store = createRedisApiKeys({ url: redis.url, name: 'test', random: () => 0, monotonicNowMs: () => 0 });
    await store.replace('web', undefined, record);
    {
      await using before = await follow({});
      expect(before.callerWithKey(key)).toMatchObject({ kind: 'api-key', keyId: 'web' });
    }
    expect(JSON.parse(await readFile(stateFile(), 'utf8'))).toMatchObject({ web: record });
    expect((await stat(stateFile())).mode & 0o777).toBe(0o600);
    await using after = await follow({ url: 'redis://127.0.0.1:1' });
    expect(after.callerWithKey(key)).toMatchObject({ keyId: 'web' });
    expect(after.lines).toEqual(['API keys loaded', 'cannot read the API keys: keeping the last known keys']);
  });

  test('are unknown if neither Redis nor a valid file on disk has them', async () => {
    await using nowhere = await follow({ url: 'redis://127.0.0.1:1' });
    expect([nowhere.isKnown(), nowhere.lines]).toEqual([
      false,
      ['cannot read the API keys: keeping the last known keys'],
    ]);
    await using store = createRedisApiKeys({ url: redis.url, name: 'test', random: () => 0, monotonicNowMs: () => 0 });
    await store.replace('web', undefined, record);
    await (await follow({}))[Symbol.asyncDispose]();
    await writeFile(stateFile(), '{"web": ');
    await rm(`${stateFile()}.copy`);
    await using rubbish = await follow({ url: 'redis://127.0.0.1:1' });
    expect([rubbish.isKnown(), rubbish.lines]).toEqual([
      false,
      [
        'the API keys in STATE_DIR are damaged or outdated: waiting for Redis',
        'cannot read the API keys: keeping the last known keys',
      ],
    ]);
  });

  const lost = /turn_router_auth_data_lost\{source="api-keys"\} (\d)/;

  test('that Redis has lost are kept, shown as lost, and reported to turnctl until they return', async () => {
    await redis.cli('HSET', 'turn:api-keys', 'web', record);
    await using followed = await follow({});
    expect(lost.exec(await followed.metrics.text())?.[1]).toBe('0');
    await redis.cli('FLUSHALL');
    await eventually('the loss to be reported', async () => (await redis.cli('GET', 'turn:held:api-keys')) === '1\n');
    expect(followed.callerWithKey(key)).toMatchObject({ keyId: 'web' });
    expect(lost.exec(await followed.metrics.text())?.[1]).toBe('1');
    await redis.cli('HSET', 'turn:api-keys', 'web', record);
    await eventually('the keys to return', async () => lost.exec(await followed.metrics.text())?.[1] === '0');
    expect(followed.lines).toEqual([
      'API keys loaded',
      'all API keys are gone from Redis: keeping the last known keys',
      'Redis has API keys again',
    ]);
  });

  test('that Redis lost before the start come from disk, and a refused report is logged once', async () => {
    await redis.cli('HSET', 'turn:api-keys', 'web', record);
    await (await follow({}))[Symbol.asyncDispose]();
    await redis.cli('FLUSHALL');
    await redis.cli('ACL', 'SETUSER', 'reader', 'on', 'nopass', '%R~*', '+@all', '-set');
    await using followed = await follow({ url: redis.url.replace('//', '//reader:x@') });
    const unreported = 'cannot write to Redis that this router still holds the lost API keys';
    await eventually('the refusal to be logged', () => followed.lines.includes(unreported));
    const readings = async () => Number(/cmdstat_hlen:calls=(\d+)/.exec(await redis.cli('INFO', 'commandstats'))?.[1]);
    const before = await readings();
    await eventually('two more readings', async () => (await readings()) > before + 1);
    expect(followed.lines.filter((line) => line === unreported)).toHaveLength(1);
    expect(lost.exec(await followed.metrics.text())?.[1]).toBe('1');
  });

  test('are written to disk by one process only', async () => {
    await redis.cli('HSET', 'turn:api-keys', 'web', record);
    await (await follow({ writesState: false }))[Symbol.asyncDispose]();
    await expect(stat(stateFile())).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('come from API_KEYS_FILE if it is set, and follow its changes', async () => {
    const file = join(directory.path, 'keys.yaml');
    await writeFile(file, `web: ${record}\nBad: 7\n`);
    await using followed = await follow({ file });
    expect(followed.callerWithKey(key)).toMatchObject({ keyId: 'web' });
    expect(followed.lines).toEqual(['API keys loaded', 'ignoring invalid API key entry']);
    expect(await followed.metrics.text()).toContain('turn_router_api_keys{state="rejected"} 1');
    await writeFile(file, '{}');
    await eventually('the key to be revoked', () => {
      try {
        return followed.callerWithKey(key) === undefined;
      } catch {
        return true;
      }
    });
    await writeFile(file, '');
    await eventually('the fault to be logged', () => followed.lines.at(-1)?.startsWith('cannot read the API keys'));
  });

  test('stop the start if API_KEYS_FILE is missing', async () => {
    await expect(follow({ file: '/nonexistent' })).rejects.toThrow('/nonexistent: cannot be read (ENOENT)');
  });

  test.each([
    ['without the permission for turn:held:*', '+@all', ['~turn:api-keys'], 1],
    ['with it', '+@all', ['~turn:api-keys', '~turn:held:*'], 0],
  ])('say at the start of a router %s whether a loss can be reported', async (_, commands, keys, expected) => {
    await redis.cli('ACL', 'SETUSER', 'older', 'reset', 'on', '>password-of-2026', '-@all', commands, ...keys);
    await redis.cli('HSET', 'turn:api-keys', 'web', record);
    await using followed = await follow({ url: redis.url.replace('//', '//older:password-of-2026@') });
    await followed.refresh();
    const skipped = 'Redis refuses a command to this user: skipping the check that needs it';
    expect(followed.lines.filter((line) => line === skipped)).toHaveLength(expected);
  });
});
