import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startRedis, type RedisServer } from '@turn-router/testing';
import { runCommand } from '../run-command.fixture.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(() => server.cli('FLUSHALL'));

const run = (args: string, environment: Record<string, string> = { REDIS_URL: server.url }) =>
  runCommand(args.split(' '), { environment });

/** The log as JSON. `--since` uses the clock of this machine, which in this test is also the clock of Redis. */
async function audit(args = ''): Promise<{ action: string; subject: string; actor: string; detail?: object }[]> {
  const { status, stdout, stderr } = await run(`audit -o json --since 2000-01-01${args}`);
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

describe('an API key command', () => {
  test('is in the audit log with its actor and without the key', async () => {
    const { stdout: key } = await run('keys create web --label Web');
    await run('keys rotate web');
    await run('keys revoke web --older');
    await run('keys revoke web');
    const entries = await audit();
    expect(entries.map(({ action, subject, actor, detail }) => [action, subject, actor, detail])).toEqual([
      ['key.created', 'web', 'turnctl:kim@ops-1', { label: 'Web' }],
      ['key.rotated', 'web', 'turnctl:kim@ops-1', undefined],
      ['key.revoked', 'web', 'turnctl:kim@ops-1', { secrets: 'older' }],
      ['key.revoked', 'web', 'turnctl:kim@ops-1', { secrets: 'all' }],
    ]);
    const secret = key.trim().slice('tr_web_'.length);
    expect(secret).toHaveLength(43);
    expect(JSON.stringify(entries)).not.toContain(secret);
  });

  test('succeeds with a warning if the audit log cannot be written', async () => {
    await server.cli('SET', 'turn:audit', 'something else');
    const { status, stderr } = await run('keys create web');
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr:
        '(shown only once)\nWarning: the change was made, but the audit entry could not be written: Redis refused the command: WRONGTYPE\n',
    });
    expect(await server.cli('HEXISTS', 'turn:api-keys', 'web')).toBe('1\n');
  });

  test('is not recorded without Redis', async () => {
    expect(await run('keys create web', {})).toMatchObject({ status: 0 });
    expect(await audit()).toEqual([]);
  });
});

/** Adds an entry with this id. */
const add = (id: string, subject: string, action = 'key.created', detail?: object) =>
  server.cli(
    'XADD',
    'turn:audit',
    id,
    'entry',
    JSON.stringify({ actor: 'turnctl:kim@ops-1', action, subject, detail }),
  );

test('records revocations and lifts in the audit log', async () => {
  await run('revoke user alice --for 12h --reason spam --no-relays');
  await run('revoke lift user:alice');
  await run('keys create web');
  await run('revoke key web --no-relays');
  const entries = await audit();
  expect(entries.map(({ action, subject, detail }) => [action, subject, detail])).toEqual([
    ['subject.revoked', 'user:alice', { untilMs: Date.parse('2026-11-22T00:00:00Z'), reason: 'spam' }],
    ['subject.lifted', 'user:alice', undefined],
    ['key.created', 'web', undefined],
    ['subject.revoked', 'key:web', { isKeyTakenAway: true }],
  ]);
});

test('records the revocation of a key that cannot be deleted', async () => {
  await server.cli('SET', 'turn:api-keys', 'something else');
  expect(await run('revoke key web')).toEqual({
    status: 2,
    stdout: '',
    stderr: 'Redis refused the command: WRONGTYPE\n',
  });
  expect(await audit()).toMatchObject([{ action: 'subject.revoked', subject: 'key:web', detail: {} }]);
});

describe('turnctl audit', () => {
  /** The time of the command fixture. */
  const nowMs = Date.parse('2026-11-21T12:00:00Z');
  const dayMs = 86_400_000;

  test('shows the last week as a table, oldest first', async () => {
    await add(`${nowMs - 8 * dayMs}-0`, 'oldest');
    await add(`${nowMs - 6 * dayMs}-0`, 'web', 'key.revoked', { secrets: 'all', forced: true });
    await add(`${nowMs}-0`, 'newest');
    const { status, stdout, stderr } = await run('audit');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /when .*action .*subject .*actor .*detail.*2026-11-15T12:00:00.000Z .*key.revoked .*web .*turnctl:kim@ops-1 .*secrets: all.*forced: true.*2026-11-21T12:00:00.000Z .*newest/s,
    );
    expect(stdout).not.toContain('oldest');
    expect((await run('audit --action policy.changed')).stdout).toBe('No entries.\n');
  });

  test('exports all entries, one per line', async () => {
    const fill = `for i = 1, 2500 do redis.call('XADD', KEYS[1], ARGV[1] + i .. '-0', 'entry', '{"actor":"a","action":"key.created","subject":"' .. i .. '"}') end`;
    await server.cli('EVAL', fill, '1', 'turn:audit', `${nowMs}`);
    const { stdout, stderr } = await run('audit -o ndjson');
    const subjects = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).subject);
    expect(subjects).toEqual(Array.from({ length: 2500 }, (_, index) => `${index + 1}`));
    expect(stderr).toBe('');
    const limited = await run('audit -o ndjson --limit 1001');
    expect(limited.stdout.split('\n')).toHaveLength(1_002);
    expect(limited.stderr).toBe(
      'Only the newest 1001 entries are shown: older entries may exist. Use --limit to show more.\n',
    );
  });

  test('skips invalid entries, and prints their number', async () => {
    await add(`${nowMs}-0`, 'web');
    await server.cli('XADD', 'turn:audit', `${nowMs + 1}-0`, 'entry', '{"actor":"\\u001b[2J"}');
    const { status, stdout, stderr } = await run('audit');
    expect([status, stderr]).toEqual([0, 'Skipped invalid entries: 1\n']);
    expect(stdout).toContain('web');
  });

  test.each<[args: string, environment: Record<string, string> | undefined, message: string]>([
    [
      'audit',
      {},
      'REDIS_URL: Missing: expected the URL of the Redis of the routers; if the routers run without Redis, read audit.jsonl in their STATE_DIR',
    ],
    ['audit', { REDIS_URL: 'redis://127.0.0.1:1' }, 'REDIS_URL: Redis is not available: ECONNREFUSED'],
    ['audit', { REDIS_URL: 'hush-hush' }, 'REDIS_URL: not a Redis URL: expected redis://'],
    [
      'audit --since 7w',
      undefined,
      "error: option '--since <time>' argument '7w' is invalid. Expected a duration or a time, such as 30m",
    ],
    ['audit --action key.lost', undefined, "error: option '--action <action>' argument 'key.lost' is invalid."],
    ['audit --limit 0', undefined, "error: option '--limit <count>' argument '0' is invalid. Expected a whole number"],
  ])('rejects %s in %j with exit code 2', async (args, environment, message) => {
    const { status, stdout, stderr } = await run(args, environment);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.startsWith(message)).toBe(true);
    expect(stderr).not.toContain('hush');
  });
});
