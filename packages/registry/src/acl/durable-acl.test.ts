import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startRedis, temporaryDirectory, type RedisServer, type TemporaryDirectory } from '@turn-router/testing';
import { Redis } from 'ioredis';
import { createRedisApiKeys } from '../api-keys/api-keys.ts';
import { createRedisAuditLog } from '../audit/redis-audit-log.ts';
import { createRedisRegistry } from '../redis/redis-registry.ts';
import { createRedisRevocations } from '../revocations/revocations.ts';
import { aclCommandFrom, aclFileFrom, operatorAcl, reporterAcl, routerAcl } from './acl-rules.ts';
import { sha256 } from './sha256.fixture.ts';

const node = { region: 'eu-central-1', id: 'node-01' };
const passwordSha256 = sha256('a password');
const router = routerAcl({ passwordSha256, acceptsReports: false, revokes: true });
const reporter = reporterAcl(node, { passwordSha256, endsRelays: true });
const operator = operatorAcl({ passwordSha256 });
const users = [operator, router, reporter];
const report = { status: 'healthy', cpu: 20, bandwidth_mbps: 150, public_ip: '192.0.2.50', port: 3478 } as const;

let directory: TemporaryDirectory;
beforeEach(async () => {
  directory = await temporaryDirectory('durable-acl');
});
afterEach(async () => directory[Symbol.asyncDispose]());
const fileNamed = (name: string) => join(directory.path, name);

/** The file that holds the users. */
type AclPlace = { readonly configFile?: string; readonly aclFile?: string };

/** Starts Redis with an AOF that is written before each answer, in the directory of the test. */
const start = ({ configFile, aclFile }: AclPlace, port?: number) =>
  startRedis({
    ...(port === undefined ? {} : { port }),
    ...(configFile === undefined ? {} : { configFile: fileNamed(configFile) }),
    args: [
      '--appendonly',
      'yes',
      '--appendfsync',
      'always',
      '--dir',
      directory.path,
      ...(aclFile === undefined ? [] : ['--aclfile', fileNamed(aclFile)]),
    ],
  });

const urlFor = ({ url }: RedisServer, user: string) => url.replace('//', `//${user}:a%20password@`);
const options = { name: 'test', random: () => 0, monotonicNowMs: () => 0, commandTimeoutMs: 60_000 };

/** Returns the commands after those of `redis-acl` in the recipe of a page. */
async function recipeOf(page: string): Promise<string[]> {
  const text = await readFile(new URL(`../../../../${page}`, import.meta.url), 'utf8');
  const [recipe = ''] = /\{ npm run -s redis-acl [^}]*\} \| redis-cli/.exec(text) ?? [];
  return [...recipe.matchAll(/^ *echo '([^']*)'/gm)].map(([, command = '']) => command);
}

/**
 * Creates the users in one session, because afterwards nobody can log in as `default`.
 *
 * @returns the answers
 */
async function run(url: string, lines: readonly string[]): Promise<unknown[]> {
  const session = new Redis(url);
  const answers: unknown[] = [];
  for (const line of lines) {
    const [command = '', ...args] = line.split(' ');
    answers.push(await session.call(command, ...args).catch(({ message }: Error) => message));
  }
  session.disconnect();
  return answers;
}

async function write(server: RedisServer): Promise<void> {
  await using keys = createRedisApiKeys({ ...options, url: urlFor(server, 'operator') });
  await using revocations = createRedisRevocations({ ...options, url: urlFor(server, 'router') });
  await using log = createRedisAuditLog({ ...options, url: urlFor(server, 'operator') });
  await using nodes = createRedisRegistry({ ...options, url: urlFor(server, reporter.name) });
  await keys.replace('web', undefined, '{}');
  await revocations.replace('user:alice', undefined, '{"at_ms":1}');
  await log.append({ actor: 'turnctl:kim@ops-1', action: 'key.created', subject: 'web' });
  await nodes.put(node, report, 600_000);
}

/** Reads everything as a router, and says how a client without a password is answered. */
async function read(server: RedisServer) {
  const url = urlFor(server, 'router');
  await using keys = createRedisApiKeys({ ...options, url });
  await using revocations = createRedisRevocations({ ...options, url });
  await using log = createRedisAuditLog({ ...options, url });
  await using nodes = createRedisRegistry({ ...options, url });
  return {
    keys: await keys.readAll(),
    revocations: await revocations.readAll(),
    audited: (await log.read({ sinceMs: 0, limit: 9 })).entries.map(({ action }) => action),
    nodes: (await nodes.readAll()).records.map(({ key }) => key),
    writesKeys: await keys.replace('web', '{}', undefined).catch(({ fault }: { fault: string }) => fault),
    stranger: (await server.cli('HGETALL', 'turn:api-keys')).trim(),
  };
}

const everything = {
  keys: new Map([['web', '{}']]),
  revocations: new Map([['user:alice', '{"at_ms":1}']]),
  audited: ['key.created'],
  nodes: [node],
  writesKeys: 'no_permission',
  stranger: 'NOAUTH Authentication required.',
};

describe('Redis users and their data outlast kill -9 and a restart with an AOF', () => {
  test.each<[string, AclPlace, page: string | undefined]>([
    ['with the printed aclfile', { aclFile: 'printed.acl' }, undefined],
    ['with an aclfile', { aclFile: 'empty.acl' }, 'README.md'],
    ['with an aclfile and a configuration file', { aclFile: 'empty.acl', configFile: 'redis.conf' }, 'README.md'],
    ['with a configuration file', { configFile: 'redis.conf' }, 'README.md'],
    ['with an aclfile and the other page', { aclFile: 'empty.acl' }, 'packages/registry/docs/redis.md'],
    ['with a configuration file and the other page', { configFile: 'redis.conf' }, 'packages/registry/docs/redis.md'],
  ])('%s', async (_, place, page) => {
    await writeFile(fileNamed('printed.acl'), aclFileFrom(users));
    for (const empty of ['empty.acl', 'redis.conf']) await writeFile(fileNamed(empty), '');
    const before = await start(place);
    const create = async (recipe: string) =>
      run(before.url, [...users.map(aclCommandFrom), ...(await recipeOf(recipe))]);
    const answers = page === undefined ? ['OK'] : await create(page);
    expect(answers.slice(-2)).toContain('OK');
    await write(before);
    expect(await read(before)).toEqual(everything);
    before.signal('SIGKILL');
    await before.exited;
    await using after = await start(place, before.port);
    expect(await read(after)).toEqual(everything);
    expect(after.output()).not.toContain('AOF-loading-client');
  });

  test('and an administrator can add a node later', async () => {
    await writeFile(fileNamed('redis.conf'), '');
    const before = await start({ configFile: 'redis.conf' });
    const recipe = await recipeOf('README.md');
    const admin = 'ACL SETUSER admin on >a-password ~* &* +@all';
    await run(before.url, [...[router, operator].map(aclCommandFrom), admin, ...recipe]);
    const adminUrl = before.url.replace('//', '//admin:a-password@');
    expect(await run(adminUrl, [aclCommandFrom(reporter), 'CONFIG REWRITE'])).toEqual(['OK', 'OK']);
    before.signal('SIGKILL');
    await before.exited;
    await using after = await start({ configFile: 'redis.conf' }, before.port);
    await write(after);
    expect(await read(after)).toEqual(everything);
  });
});
