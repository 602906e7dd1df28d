import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { aclCommandFrom, operatorAcl } from '@turn-router/registry';
import { startRedis, temporaryDirectory, type RedisServer } from '@turn-router/testing';
import { runCommand } from './run-command.fixture.ts';

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
  const passwordSha256 = createHash('sha256').update('a password').digest('hex');
  const answer = await server.cli(...aclCommandFrom(operatorAcl({ passwordSha256 })).split(' '));
  if (answer !== 'OK\n') throw new Error(`Redis does not take the rules: ${answer}`);
  const report = { status: 'healthy', cpu: 1, bandwidth_mbps: 1, public_ip: '192.0.2.50', port: 3478 };
  await server.cli('SET', 'turn:node:eu-1:node-01', JSON.stringify({ ...report, secret_ids: ['new'] }));
  await server.cli('ACL', 'LOG', 'RESET');
});
afterAll(() => server.stop());

const asOperator = () => server.url.replace('//', '//operator:a%20password@');
const TURN_SECRETS = 'new=pW4-new-north-secret,old=kJ8-old-north-secret';

test('the printed user of operators can run every command of turnctl that uses Redis', async () => {
  await using directory = await temporaryDirectory('operator-acl');
  const [keysFile, revocationsFile] = ['keys', 'revocations'].map((name) => join(directory.path, name));
  await writeFile(keysFile ?? '', JSON.stringify({ tv: { secrets: [{ sha256: 'a'.repeat(64) }] } }));
  await writeFile(revocationsFile ?? '', JSON.stringify({ 'user:bob': { at_ms: 1 } }));
  const statuses: [string, number][] = [];
  for (const args of [
    'keys list',
    'keys create web --label Web',
    'keys rotate web',
    'keys revoke web --older',
    'keys list -o json',
    `keys import ${keysFile}`,
    `revoke import ${revocationsFile}`,
    'revoke user alice --for 1s',
    'revoke address 192.0.2.1',
    'revoke list',
    'revoke lift user:alice',
    'revoke key web',
    'secrets rotate',
    'secrets retire old',
    'audit --since 1d',
  ]) {
    const { status } = await runCommand(args.split(' '), { environment: { REDIS_URL: asOperator(), TURN_SECRETS } });
    statuses.push([args, status]);
  }
  expect(statuses.filter(([, status]) => status !== 0)).toEqual([]);
  expect(await server.cli('ACL', 'LOG')).toBe('\n');
  const { stdout } = await runCommand(['audit', '-o', 'json'], { environment: { REDIS_URL: asOperator() } });
  expect(JSON.parse(stdout).map(({ action }: { action: string }) => action)).toEqual([
    'key.created',
    'key.rotated',
    'key.revoked',
    'key.imported',
    'subject.imported',
    'subject.revoked',
    'subject.revoked',
    'subject.lifted',
    'subject.revoked',
    'secret.rotated',
    'secret.retired',
  ]);
});

test.each([
  'DEL turn:api-keys',
  'SET turn:node:eu-1:node-01 stolen',
  'DEL turn:audit',
  'XTRIM turn:audit MAXLEN 0',
  'HSET turn:limit:{0}:0f x 9',
  'ZADD turn:routers 1 x',
  'ACL LIST',
  'CONFIG GET *',
  'FLUSHALL',
])('Redis refuses the user of operators: %s', async (command) => {
  const login = ['--user', 'operator', '--pass', 'a password', '--no-auth-warning'];
  expect(await server.cli(...login, ...command.split(' '))).toMatch(/^NOPERM/);
});
