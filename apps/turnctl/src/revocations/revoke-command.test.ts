import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startRedis, type RedisServer } from '@turn-router/testing';
import { createOpaqueUserId } from '@turn-router/turn-credentials';
import { runCommand } from '../run-command.fixture.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(() => server.cli('FLUSHALL'));

const keys = [
  { id: 'new', secret: 'pW4-new-north-secret' },
  { id: 'old', secret: 'kJ8-old-north-secret' },
] as const;
const TURN_SECRETS = keys.map(({ id, secret }) => `${id}=${secret}`).join(',');
const nowMs = Date.parse('2026-11-21T12:00:00Z');

/** Runs `turnctl revoke` with the routers' environment, or with this one. */
const run = (args: string, environment: Record<string, string> = { REDIS_URL: server.url, TURN_SECRETS }) =>
  runCommand(['revoke', ...args.split(' ')], { environment });

const stored = async (subject: string) => JSON.parse(await server.cli('HGET', 'turn:revocations', subject));
const subjects = async () => (await server.cli('HKEYS', 'turn:revocations')).trim().split('\n').toSorted();
const turnUsersOf = (subject: string) => keys.map((key) => createOpaqueUserId(key)(subject));

describe('turnctl revoke', () => {
  test('revokes a user without an end time, and explains how its relays end', async () => {
    const [byNew = '', byOld = ''] = turnUsersOf('user:alice');
    expect(await run('user alice --reason spam')).toEqual({
      status: 0,
      stdout: [
        'revoked: user:alice, no end time',
        `TURN users: ${byNew} ${byOld}`,
        'coturn: health-reporters that have TURN_CLI_PASSWORD and REDIS_URL end the relays of these users.',
        'eturnal: run these commands on each node to end the relays of these users:',
        `  eturnalctl disconnect '${byNew}'`,
        `  eturnalctl disconnect '${byOld}'`,
        '',
      ].join('\n'),
      stderr: 'This revocation matches users named by a JWT. For users of an application, add --key ID.\n',
    });
    expect(await stored('user:alice')).toEqual({ at_ms: nowMs, reason: 'spam', turn_users: [byNew, byOld] });
    expect(await subjects()).toEqual(['#', 'user:alice']);
  });

  test.each([
    ['user alice', 'user:alice'],
    ['user alice --key web', 'key:web:user:alice'],
    ['address 192.0.2.1', 'address:192.0.2.1/32'],
    ['address 192.0.2.1/32', 'address:192.0.2.1/32'],
    ['address 2001:DB8::7:0:0:1', 'address:2001:db8::/64'],
    ['address 2001:db8:0:7::/64', 'address:2001:db8:0:7::/64'],
    ['address 192.0.2.1 --key web', 'key:web:address:192.0.2.1/32'],
    ['subject key:web:user:alice', 'key:web:user:alice'],
  ])('%s revokes %s', async (args, subject) => {
    const { stdout } = await run(`${args} --for 12h -o json`);
    const revocation = { at_ms: nowMs, until_ms: nowMs + 12 * 3_600_000, turn_users: turnUsersOf(subject) };
    expect(JSON.parse(stdout)).toEqual({
      subject,
      revocation,
      isKeyTakenAway: false,
      eturnal: turnUsersOf(subject).map((user) => `eturnalctl disconnect '${user}'`),
    });
    expect(await stored(subject)).toEqual(revocation);
  });

  test.each([
    ['user alice', 'This revocation matches users named by a JWT. For users of an application, add --key ID.\n'],
    ['address 192.0.2.1', 'This revocation matches anonymous callers. For callers of an application, add --key ID.\n'],
    ['user alice --key web', ''],
    ['address 192.0.2.1 --key web', ''],
    ['user alice -o json', ''],
    ['subject user:alice', ''],
  ])('%s says whom it matches: %j', async (args, expected) => {
    expect(await run(args)).toMatchObject({ status: 0, stderr: expected });
  });

  test('deletes a whole key, and needs no secrets because its users are unknown', async () => {
    await server.cli('HSET', 'turn:api-keys', 'web', 'x', 'other', 'y');
    expect(await run('key web', { REDIS_URL: server.url })).toEqual({
      status: 0,
      stdout: [
        'revoked: key:web, no end time',
        'The API key was deleted.',
        'Running relays continue. Credentials that are already issued can open new relays until they expire. No list of the key’s users exists. If you know users of this key, revoke each of them with --key.',
        '',
      ].join('\n'),
      stderr: '',
    });
    expect(await server.cli('HKEYS', 'turn:api-keys')).toBe('other\n#\n');
    expect(JSON.parse((await run('subject key:other -o json')).stdout)).toMatchObject({ isKeyTakenAway: true });
  });

  test('revokes a key for a time without deleting it', async () => {
    await server.cli('HSET', 'turn:api-keys', 'web', 'x');
    expect((await run('key web --for 90s')).stdout).toMatch(
      /^revoked: key:web, until 2026-11-21T12:01:30Z\nRunning relays /,
    );
    expect(await server.cli('HGET', 'turn:api-keys', 'web')).toBe('x\n');
  });

  test('lets relays continue with --no-relays, and needs no secrets', async () => {
    const { stdout } = await run('user alice --no-relays', { REDIS_URL: server.url });
    expect(stdout).toBe(
      'revoked: user:alice, no end time\nRunning relays continue. Credentials that are already issued can open new relays until they expire.\n',
    );
    expect(await stored('user:alice')).toEqual({ at_ms: nowMs, turn_users: [] });
  });

  test('list shows all revocations, and names invalid ones', async () => {
    expect((await run('list')).stdout).toBe('No revocations.\n');
    await run('user alice --reason spam --no-relays');
    const expired = JSON.stringify({ at_ms: 1000, until_ms: 2000, turn_users: ['3q2-7wABCd_f'] });
    await server.cli('HSET', 'turn:revocations', 'user:bob', expired, 'rubbish', 'x');
    const { stdout, stderr } = await run('list');
    expect(stdout).toMatch(/user:alice +│ 2026-11-21T12:00:00Z +│ +│ +│ spam /);
    expect(stdout).toMatch(/user:bob +│ 1970-01-01T00:00:01Z │ 1970-01-01T00:00:02Z, expired │ 3q2-7wABCd_f /);
    expect(stderr).toBe('"rubbish": ignoring invalid revocation\n');
    expect(JSON.parse((await run('list -o json')).stdout)).toEqual({
      'user:alice': await stored('user:alice'),
      'user:bob': JSON.parse(expired),
    });
  });

  test('lift deletes a revocation or an invalid record, and keeps the hash', async () => {
    await run('user alice');
    await server.cli('HSET', 'turn:revocations', 'rubbish', 'x');
    expect(await run('lift user:alice')).toEqual({ status: 0, stdout: 'lifted: user:alice\n', stderr: '' });
    expect((await run('lift rubbish -o json')).stdout).toBe('{"subject":"rubbish","lifted":true}\n');
    expect(await subjects()).toEqual(['#']);
  });

  const inRedis = { REDIS_URL: 'redis://127.0.0.1:1', TURN_SECRETS };
  const noSecrets = { REDIS_URL: 'redis://127.0.0.1:1' };
  const advice = 'To end running relays, set TURN_SECRETS as in the routers. To let relays continue, use --no-relays.';
  test.each<[args: string, environment: Record<string, string>, message: string]>([
    ['user alice', noSecrets, `TURN_SECRETS: Missing: expected TURN_SECRETS or TURN_SECRET\n${advice}`],
    ['user alice', { ...inRedis, TURN_SECRETS: 'hush-hush' }, 'TURN_SECRETS: entry 1: expected "id=secret"'],
    ['user alice', { TURN_SECRETS }, 'REDIS_URL: Missing: expected the URL of the Redis that contains the revoc'],
    ['user alice', inRedis, 'Redis is not available: ECONNREFUSED'],
    ['list', {}, 'REDIS_URL: Missing: expected the URL of the Redis that contains the revocations of the routers'],
    ['user alice --for 12', inRedis, "error: option '--for <time>' argument '12' is invalid. Expected a whole number"],
    ['user alice --for 0h', inRedis, "error: option '--for <time>' argument '0h' is invalid. Expected a whole number"],
    ['user a --reason a\nb', inRedis, "error: option '--reason <text>' argument 'a\nb' is invalid. Invalid string"],
    ['user alice --key Web', inRedis, "error: option '--key <id>' argument 'Web' is invalid. Invalid key id"],
    ['subject alice', inRedis, "error: command-argument value 'alice' is invalid for argument 'SUBJECT'. Invalid subj"],
    ['address 192.0.2.0/24', inRedis, "error: command-argument value '192.0.2.0/24' is invalid for argument 'PREFIX'"],
    ['address ::ffff:192.0.2.1', inRedis, "error: command-argument value '::ffff:192.0.2.1' is invalid for argument"],
    ['address example.org', inRedis, "error: command-argument value 'example.org' is invalid for argument 'PREFIX'. E"],
  ])('rejects %s in %j with exit code 2', async (args, environment, message) => {
    const { status, stdout, stderr } = await run(args, environment);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr.slice(0, message.length)).toBe(message);
    expect(stderr).not.toMatch(/hush|north/);
  });

  test('does not write a revocation that routers would ignore', async () => {
    const tooMany = Array.from({ length: 33 }, (_, key) => `k${key}=kJ8-north-secret-of-${key}`).join(',');
    expect(await run('user alice', { REDIS_URL: server.url, TURN_SECRETS: tooMany })).toMatchObject({
      status: 2,
      stderr: 'turn_users: Too big: expected array to have <=32 items\n',
    });
    expect(await server.cli('EXISTS', 'turn:revocations')).toBe('0\n');
  });

  test('rejects the lift of a subject that is not revoked', async () => {
    expect(await run('lift user:alice')).toMatchObject({
      status: 2,
      stderr: '"user:alice": no revocation exists for this subject: "turnctl revoke list" shows all subjects\n',
    });
  });
});
