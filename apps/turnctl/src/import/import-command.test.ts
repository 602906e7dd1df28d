import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startRedis, temporaryDirectory, type RedisServer, type TemporaryDirectory } from '@turn-router/testing';
import { runCommand } from '../run-command.fixture.ts';

let server: RedisServer;
let directory: TemporaryDirectory;
beforeAll(async () => {
  server = await startRedis();
  directory = await temporaryDirectory('import-command');
});
afterAll(async () => {
  await server.stop();
  await directory[Symbol.asyncDispose]();
});
beforeEach(() => server.cli('FLUSHALL'));

const run = (...args: string[]) => runCommand(args, { environment: { REDIS_URL: server.url } });
const fields = async (key: string) => (await server.cli('HKEYS', key)).trim().split('\n').toSorted();

async function file(text: string): Promise<string> {
  const path = join(directory.path, 'file');
  await writeFile(path, text);
  return path;
}

const key = { secrets: [{ sha256: 'a'.repeat(64) }], label: 'Web' };
const revocation = { at_ms: 1, turn_users: [] };
const added = 'imported: 1 added, 0 replaced, 0 unchanged, 0 kept\n';
/** A copy in STATE_DIR. Its last entry holds the SHA-256 of all bytes before it, and of the number of the write. */
function copyOf(name: string, record: unknown): string {
  const body = JSON.stringify({ [name]: JSON.stringify(record) }).slice(0, -1);
  return `${body},"#":"7 ${createHash('sha256').update(`${body}7`).digest('hex')}"}`;
}

describe.each([
  ['keys', 'turn:api-keys', 'web', key],
  ['revoke', 'turn:revocations', 'user:alice', revocation],
])('turnctl %s import', (command, hash, name, record) => {
  test.each([
    ['a copy in STATE_DIR', JSON.stringify({ [name]: JSON.stringify(record) })],
    ['a copy with a closing mark', copyOf(name, record)],
    ['the output of list -o json', JSON.stringify({ [name]: record }, undefined, 2)],
    ['YAML', `# a comment\n${name.includes(':') ? `"${name}"` : name}: ${JSON.stringify(record)}\n`],
  ])('restores %s, and changes nothing the second time', async (_, text) => {
    const path = await file(text);
    expect(await run(command, 'import', path)).toEqual({ status: 0, stdout: added, stderr: '' });
    expect(JSON.parse(await server.cli('HGET', hash, name))).toEqual(record);
    expect(await fields(hash)).toEqual(['#', name]);
    expect((await run(command, 'import', path)).stdout).toBe('imported: 0 added, 0 replaced, 1 unchanged, 0 kept\n');
  });

  test.each([
    ['a changed byte', (copy: string) => copy.replace('7 ', '8 '), 'the checksum does not match the content'],
    ['an added entry', (copy: string) => copy.replace('{', '{"user:mallory":"{}",'), 'the checksum does not match'],
    [
      'an entry after the mark',
      (copy: string) => copy.replace(/}$/, ',"x":"{}"}'),
      'the closing mark is not at the end',
    ],
  ])('refuses a copy with %s, and imports nothing', async (_, damage, detail) => {
    const path = await file(damage(copyOf(name, record)));
    const refused = await run(command, 'import', path);
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toContain(`${path}: ${detail}`);
    expect(refused.stderr).toContain(`import the other copy (${path}.copy)`);
    expect(await server.cli('EXISTS', hash)).toBe('0\n');
  });

  test('keeps a different entry in Redis, and replaces it with --overwrite', async () => {
    await server.cli('HSET', hash, name, 'x');
    const path = await file(JSON.stringify({ [name]: record }));
    expect(await run(command, 'import', path)).toEqual({
      status: 0,
      stdout: 'imported: 0 added, 0 replaced, 0 unchanged, 1 kept\n',
      stderr: `"${name}": kept the entry in Redis, which differs: use --overwrite to replace it\n`,
    });
    expect(await server.cli('HGET', hash, name)).toBe('x\n');
    expect(JSON.parse((await run(command, 'import', path, '--overwrite', '-o', 'json')).stdout)).toEqual({
      added: [],
      replaced: [name],
      unchanged: [],
      kept: [],
    });
  });

  test.each([
    ['[]', /^.*file:1: Invalid input: expected record, received array\n$/],
    ['', /^.*file:1: Invalid input: expected record, received null\n$/],
    ['{"a": ', /^.*file:1: .+\n$/],
    [JSON.stringify({ [name]: { x: 1 }, '-': record }), /^".+".*: .+\n"-": .+\n$/],
  ])('refuses %j with every fault, and stores nothing', async (text, message) => {
    const path = await file(text);
    const { status, stdout, stderr } = await run(command, 'import', path);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(await server.cli('EXISTS', hash)).toBe('0\n');
  });

  test('refuses a file that is missing', async () => {
    expect(await run(command, 'import', '/nonexistent')).toEqual({
      status: 2,
      stdout: '',
      stderr: '/nonexistent: cannot be read: no such file or directory\n',
    });
  });
});

describe('after FLUSHALL beside a router that holds two keys', () => {
  const restore = 'Restore them with "turnctl keys import FILE"';
  beforeEach(async () => {
    await server.cli('SET', 'turn:held:api-keys', '2');
    await server.cli('SET', 'turn:held:revocations', '1');
  });

  test('list warns that the keys are lost', async () => {
    expect(await run('keys', 'list')).toEqual({
      status: 0,
      stdout: 'No keys.\n',
      stderr: `Warning: all API keys are gone from this Redis: a router still holds 2 of them in memory. ${restore}.\n`,
    });
    expect((await run('revoke', 'list')).stderr).toContain('"turnctl revoke import FILE"');
  });

  test.each([
    [['keys', 'create', 'app'], /^"app": all API keys are gone .*"turnctl keys import FILE".*--first/],
    [['keys', 'revoke', 'web'], /^"web": all API keys are gone .*"turnctl keys import FILE".*--first/],
    [
      ['revoke', 'user', 'eve', '--no-relays'],
      /^"user:eve": all revocations are gone .*"turnctl revoke import FILE".*--first/,
    ],
    [['revoke', 'lift', 'user:eve'], /^"user:eve": all revocations are gone .*"turnctl revoke import FILE"/],
  ])('%j is refused, and says how to go on', async (args, message) => {
    const { status, stdout, stderr } = await run(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(await server.cli('EXISTS', 'turn:api-keys', 'turn:revocations')).toBe('0\n');
  });

  test('--first begins anew', async () => {
    expect((await run('keys', 'create', 'app', '--first')).status).toBe(0);
    expect((await run('revoke', 'user', 'eve', '--no-relays', '--first')).status).toBe(0);
    expect(await server.cli('EXISTS', 'turn:api-keys', 'turn:revocations')).toBe('2\n');
    expect((await run('keys', 'create', 'tv')).status).toBe(0);
  });
});
