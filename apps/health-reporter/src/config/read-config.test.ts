import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '@turn-router/testing';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from './read-config.ts';

const environment = { REGION: 'eu', NODE_ID: 'n1', PUBLIC_IP: '192.0.2.50' };

async function fixture() {
  const directory = await temporaryDirectory('config');
  const write = async (name: string, text: string) => {
    const path = join(directory.path, name);
    await writeFile(path, text);
    return path;
  };
  return { path: directory.path, write, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
}

test('secrets are read from the files that the settings name', async () => {
  await using files = await fixture();
  const parsed = readConfig({
    ...environment,
    TURN_SECRETS_FILE: await files.write('ring', 'b=second-secret-0123456,a=first-secret-01234567\n'),
    REPORTER_TOKEN_FILE: await files.write('token', 'token-of-the-reporters\n'),
    ROUTER_URL: 'http://127.0.0.1:8080',
  });
  expect(parsed.ok && parsed.secrets).toEqual({
    keyRing: {
      keys: [
        { id: 'b', secret: 'second-secret-0123456' },
        { id: 'a', secret: 'first-secret-01234567' },
      ],
    },
    destination: { kind: 'router', url: 'http://127.0.0.1:8080', token: 'token-of-the-reporters' },
  });
});

test('a file that is missing, empty, or beside its setting is a fault, among all others', async () => {
  await using files = await fixture();
  const missing = join(files.path, 'nowhere');
  const empty = await files.write('empty', '\n');
  const parsed = readConfig({
    ...environment,
    PUBLIC_IP: 'here',
    TURN_SECRET_FILE: missing,
    REDIS_URL: 'redis://127.0.0.1',
    REDIS_URL_FILE: await files.write('url', 'redis://127.0.0.1'),
    REPORTER_TOKEN_FILE: empty,
  });
  expect(parsed).toEqual({
    ok: false,
    faults: [
      { field: 'TURN_SECRET_FILE', detail: `Cannot read "${missing}" (ENOENT): expected a file holding TURN_SECRET` },
      { field: 'REDIS_URL_FILE', detail: 'Set together with REDIS_URL: expected only one of them' },
      { field: 'REPORTER_TOKEN_FILE', detail: `Empty file "${empty}": expected printable ASCII without spaces` },
      { field: 'PUBLIC_IP', detail: 'Invalid value "here": expected an IPv4 address' },
    ],
  });
});
