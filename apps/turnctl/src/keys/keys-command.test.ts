import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startRedis, type RedisServer } from '@turn-router/testing';
import { runTurnctl } from '../run-turnctl.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(() => server.cli('FLUSHALL'));

let secrets = 0;
const created_at = '2026-11-21T08:00:00.000Z';
const sha256 = (key: string) => createHash('sha256').update(key).digest('hex');
/** The nth generated key, with this id. */
const keyOf = (id: string, nth: number) => `tr_${id}_${Buffer.alloc(32, nth).toString('base64url')}`;

/** Runs `turnctl keys` with the test's Redis or with this environment. The nth secret consists of bytes n. */
async function run(args: string, environment: Record<string, string> = { REDIS_URL: server.url }) {
  let stdout = '';
  const stderr = new PassThrough();
  const terminal = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr,
    nowMs: () => 0,
    unixMs: () => Date.parse(created_at),
    who: () => 'kim@ops-1',
    randomBytes: (size: number) => Buffer.alloc(size, (secrets += 1)),
  };
  const status = await runTurnctl(['keys', ...args.split(' ')], environment, terminal, '0.0.0');
  return { status, stdout, stderr: String(stderr.read() ?? '') };
}

const stored = async (id: string) => JSON.parse(await server.cli('HGET', 'turn:api-keys', id));
beforeEach(() => {
  secrets = 0;
});

describe('turnctl keys', () => {
  test('create prints the key, and stores its hash and its limits', async () => {
    const options =
      '--label Web --origin https://a.example.org https://b.example.org --region eu-1 --min-ttl 60 --max-ttl 600 --per-key-per-minute 100 --per-user-per-minute 10 --per-address-per-minute 0';
    expect(await run(`create web ${options}`)).toEqual({
      status: 0,
      stdout: `${keyOf('web', 1)}\n`,
      stderr: expect.stringMatching(/^Callers with this key count as anonymous, .*\(shown only once\)\n$/s),
    });
    expect(await stored('web')).toEqual({
      anonymous_callers: true,
      secrets: [{ sha256: sha256(keyOf('web', 1)), created_at }],
      label: 'Web',
      origins: ['https://a.example.org', 'https://b.example.org'],
      regions: ['eu-1'],
      min_ttl_seconds: 60,
      max_ttl_seconds: 600,
      per_key_per_minute: 100,
      per_user_per_minute: 10,
      per_address_per_minute: 0,
    });
  });

  test('create says nothing of anonymous callers for a key of servers', async () => {
    const { stderr } = await run('create web --origin https://a.example.org --trusted-callers');
    expect(stderr).toBe('(shown only once)\n');
    expect(await stored('web')).toMatchObject({ anonymous_callers: false });
    await run('create app');
    expect(await stored('app')).not.toHaveProperty('anonymous_callers');
    await run('create page --origin https://a.example.org');
    expect((await run('list')).stdout).toMatch(/app .* trusted .*page .* anonymous .*web .* trusted /s);
  });

  test('create and rotate set the expiry, and list shows it', async () => {
    await run('create web --expires 90d');
    expect(await stored('web')).toMatchObject({ expires_at: '2027-02-19T08:00:00.000Z' });
    await run('rotate web');
    expect(await stored('web')).toMatchObject({ expires_at: '2027-02-19T08:00:00.000Z' });
    await run('revoke web --older');
    await run('rotate web --expires 2027-06-01');
    expect(await stored('web')).toMatchObject({ expires_at: '2027-06-01T00:00:00.000Z' });
    await server.cli(
      'HSET',
      'turn:api-keys',
      'old',
      JSON.stringify({ ...(await stored('web')), expires_at: '2026-11-20T00:00:00Z' }),
    );
    const { stdout } = await run('list');
    expect(stdout).toMatch(/old .* 2026-11-20, expired .*web .* 2027-06-01 /s);
    expect(await run('create app --expires 2026-11-20')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Expected a duration or a time in the future'),
    });
  });

  test('create without Redis prints the entry for the file on stdout and the key on stderr', async () => {
    const record = { secrets: [{ sha256: sha256(keyOf('web', 1)), created_at }], max_ttl_seconds: 600 };
    expect(await run('create web --max-ttl 600', {})).toEqual({
      status: 0,
      stdout: `web: ${JSON.stringify(record)}\n`,
      stderr: `\n${keyOf('web', 1)}\n(shown only once; add the line above to the routers’ API_KEYS_FILE)\n`,
    });
    const { stdout } = await run('create web --max-ttl 600 -o json', {});
    expect(JSON.parse(stdout)).toMatchObject({ id: 'web', key: keyOf('web', 2), stored: false });
  });

  test('rotate adds a second secret, and refuses a third one until the older secret is revoked', async () => {
    await run('create web');
    const { stdout } = await run('rotate web -o json');
    const secretsOf = (...nths: number[]) => nths.map((nth) => ({ sha256: sha256(keyOf('web', nth)), created_at }));
    expect(JSON.parse(stdout)).toEqual({
      id: 'web',
      key: keyOf('web', 2),
      stored: true,
      record: { secrets: secretsOf(2, 1) },
    });
    expect(await stored('web')).toEqual({ secrets: secretsOf(2, 1) });
    expect(await run('rotate web')).toMatchObject({
      status: 2,
      stderr: '"web": the key has two secrets: revoke the older one first ("turnctl keys revoke web --older")\n',
    });
    expect(await run('revoke web --older')).toEqual({ status: 0, stdout: 'revoked: web (older)\n', stderr: '' });
    expect(await stored('web')).toEqual({ secrets: secretsOf(2) });
    expect(await run('revoke web --older')).toMatchObject({
      status: 2,
      stderr: '"web": the key has only one secret: to delete the key, use "turnctl keys revoke" without --older\n',
    });
  });

  test('revoke deletes a key or an invalid record, and keeps the hash in Redis', async () => {
    await run('create web');
    await server.cli('HSET', 'turn:api-keys', 'Bad', 'x');
    expect(await run('revoke web -o json')).toEqual({
      status: 0,
      stdout: '{"id":"web","revoked":"all"}\n',
      stderr: '',
    });
    expect(await run('revoke Bad')).toMatchObject({ status: 0 });
    expect(await server.cli('HKEYS', 'turn:api-keys')).toBe('#\n');
    expect(await run('list')).toEqual({ status: 0, stdout: 'No keys.\n', stderr: '' });
  });

  test('list shows all keys by id, and names invalid records', async () => {
    await run('create web --origin https://a.example.org --max-ttl 600');
    await run('create app');
    await run('rotate app');
    await server.cli('HSET', 'turn:api-keys', 'Bad', 'x');
    const table = await run('list');
    expect(table).toMatchObject({ status: 0, stderr: '"Bad": ignoring invalid API key record\n' });
    expect(table.stdout).toMatch(/app .*2026-11-21.*all .*all .*web .*https:\/\/a\.example\.org/s);
    const { stdout } = await run('list -o json');
    expect(Object.keys(JSON.parse(stdout))).toEqual(['app', 'web']);
    expect(JSON.parse(stdout).web).toEqual(await stored('web'));
    for (const nth of [1, 2, 3]) expect(table.stdout + stdout).not.toContain(keyOf('', nth).slice('tr__'.length));
  });

  const noKey = '"web": no key has this id: "turnctl keys list" shows all ids';
  test.each<[args: string, environment: Record<string, string> | undefined, message: string]>([
    ['rotate web', undefined, noKey],
    ['revoke web', undefined, noKey],
    ['revoke web --older', undefined, noKey],
    [
      'list',
      {},
      'REDIS_URL: Missing: expected the URL of the Redis that contains the API keys; to change keys in an API_KEYS_FILE, edit the file',
    ],
    [
      'rotate web',
      {},
      'REDIS_URL: Missing: expected the URL of the Redis that contains the API keys; to change keys in an API_KEYS_FILE, edit the file',
    ],
    ['list', { REDIS_URL: 'redis://127.0.0.1:1' }, 'Redis is not available: ECONNREFUSED'],
    ['list', { REDIS_URL: 'hush-hush' }, 'REDIS_URL: not a Redis URL: expected redis://'],
    [
      'create web --origin *',
      {},
      '--origin: Invalid origin: this would allow every page: write each origin, or a wildcard such as https://*.example.org',
    ],
    ['create web --region EU', {}, '--region: Invalid region name: expected 1–63 characters'],
    ['create web --min-ttl 61 --max-ttl 60', {}, '--min-ttl: Too big: expected at most --max-ttl'],
    ['create Web', {}, "error: command-argument value 'Web' is invalid for argument 'ID'. Invalid key id: expected"],
    ['create web --max-ttl 1.5', {}, "error: option '--max-ttl <seconds>' argument '1.5' is invalid. Expected a whole"],
  ])('rejects %s in %j with exit code 2', async (args, environment, message) => {
    const { status, stdout, stderr } = await run(args, environment);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.startsWith(message)).toBe(true);
    expect(stderr).not.toContain('hush');
  });

  test('create rejects an id that exists, and changes nothing', async () => {
    await run('create web --label first');
    expect(await run('create web --label second')).toMatchObject({
      status: 2,
      stderr: '"web": a key with this id already exists: rotate or revoke that key, or choose another id\n',
    });
    expect(await stored('web')).toMatchObject({ label: 'first' });
  });
});
