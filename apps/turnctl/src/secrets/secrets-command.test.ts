import { describe, expect, test } from '@jest/globals';
import { createRedisRegistry } from '@turn-router/registry';
import { startRedis, seededRandom } from '@turn-router/testing';
import { nodeKeyRing, parseKeyRing } from '@turn-router/turn-credentials';
import { runCommand } from '../run-command.fixture.ts';

const north = 'kJ8-first-north-secret';
const south = 'sL2/second+south-secret=';
const TURN_SECRETS = `b=${south},a=${north}`;

const run = (args: string, environment: Record<string, string> = { TURN_SECRETS }) =>
  runCommand(['secrets', ...args.split(' ')], { environment });

describe('turnctl secrets derive', () => {
  const derived = nodeKeyRing(
    {
      keys: [
        { id: 'b', secret: south },
        { id: 'a', secret: north },
      ],
    },
    'eu-central-1/node-01',
  );

  test('prints the TURN_SECRETS of one node, newest first, and other secrets for every other node', async () => {
    const { status, stdout, stderr } = await run('derive eu-central-1/node-01');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(parseKeyRing(stdout.trim())).toEqual({ ok: true, keyRing: derived });
    expect(stdout).not.toMatch(new RegExp(`${north}|${south}`));
    const other = await run('derive eu-central-1/node-02');
    for (const { secret } of derived.keys) expect(other.stdout).not.toContain(secret);
  });

  test('prints JSON with -o json', async () => {
    expect(JSON.parse((await run('derive eu-central-1/node-01 -o json')).stdout)).toEqual(derived.keys);
  });

  test('warns on a terminal', async () => {
    const args = ['secrets', 'derive', 'eu-central-1/node-01'];
    const { stderr } = await runCommand(args, { environment: { TURN_SECRETS }, isTerminal: true });
    expect(stderr).toBe(
      'Warning: secrets are printed to a terminal, which may store its output. Redirect the output to a file.\n',
    );
  });
});

describe('turnctl secrets rotate', () => {
  const fresh = Buffer.alloc(32, 7).toString('base64url');

  test.each([
    ['rotate', { TURN_SECRETS }, `2026-11-21=${fresh},${TURN_SECRETS}`],
    ['rotate --id c', { TURN_SECRETS }, `c=${fresh},${TURN_SECRETS}`],
    ['rotate', { TURN_SECRET: north }, `2026-11-21=${fresh},default=${north}`],
  ])('runs %s with %j', async (args, environment, printed) => {
    expect(await run(args, environment)).toEqual({ status: 0, stdout: `${printed}\n`, stderr: '' });
  });
});

describe('turnctl secrets retire', () => {
  test('prints the remaining keys, and a note that it checked no nodes', async () => {
    expect(await run('retire a')).toEqual({
      status: 0,
      stdout: `b=${south}\n`,
      stderr: 'REDIS_URL is not set: did not check that every node has proven a remaining key.\n',
    });
  });

  test('checks in the registry that every node has proven a remaining key', async () => {
    await using redis = await startRedis();
    await using registry = createRedisRegistry({ url: redis.url, name: 'test', random: seededRandom(1) });
    const put = (id: string, secretIds?: string[], status: 'healthy' | 'unhealthy' = 'healthy') =>
      registry.put(
        { region: 'eu', id },
        { status, cpu: 1, bandwidth_mbps: 1, port: 3478, public_ip: '192.0.2.1', secret_ids: secretIds },
        60_000,
      );
    const environment = { TURN_SECRETS, REDIS_URL: redis.url };
    await put('node-1', ['b', 'a']);
    await put('node-2', ['b']);
    expect(await run('retire a', environment)).toEqual({
      status: 0,
      stdout: `b=${south}\n`,
      stderr: '2 of 2 nodes have proven a remaining key.\n',
    });

    await put('node-3', ['a']);
    await put('node-4', [], 'unhealthy');
    await put('node-5');
    const stderr = `2 of 5 nodes have proven a remaining key.
Nodes that have not proven a remaining key:
  eu/node-3 (healthy): has proven a
  eu/node-4 (unhealthy): has proven no key
  eu/node-5 (healthy): does not report proven keys
`;
    expect(await run('retire a', environment)).toEqual({ status: 1, stdout: '', stderr });
    expect(await run('retire a --force', environment)).toEqual({ status: 0, stdout: `b=${south}\n`, stderr });
    await run('rotate --id c', environment);
    const audit = await runCommand(['audit', '-o', 'json', '--since', '2000-01-01'], { environment });
    expect(JSON.parse(audit.stdout)).toMatchObject([
      { actor: 'turnctl:kim@ops-1', action: 'secret.retired', subject: 'a' },
      { action: 'secret.retired', subject: 'a', detail: { forced: true } },
      { action: 'secret.rotated', subject: 'c' },
    ]);
    expect(audit.stdout).not.toMatch(/kJ8|sL2/);
  });

  test('exits with 2 if the registry cannot be read', async () => {
    const { status, stdout, stderr } = await run('retire a', { TURN_SECRETS, REDIS_URL: 'redis://127.0.0.1:1' });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(
      /^REDIS_URL: cannot read the registry: .*; to skip the check of the nodes, unset REDIS_URL\n$/,
    );
  });
});

test.each<[args: string, environment: Record<string, string>, message: string]>([
  ['derive node-01', { TURN_SECRETS }, 'Invalid node "node-01": expected <region>/<id> with names of a–z, 0–9 and "-"'],
  ['derive eu/node-01', {}, 'TURN_SECRETS: Missing: expected TURN_SECRETS or TURN_SECRET'],
  [
    'derive eu/node-01',
    { TURN_SECRET: 'changeme-changeme' },
    'TURN_SECRET: the secret is a published example or default: expected random characters, such as the output of "openssl rand -hex 32"',
  ],
  ['rotate --id a', { TURN_SECRETS }, 'The id "a" is already in TURN_SECRETS: choose another one with --id'],
  ['rotate --id A', { TURN_SECRETS }, '--id "A": expected 1–32 characters a–z, 0–9 and "-"'],
  ['retire c', { TURN_SECRETS }, '"c": not in TURN_SECRETS: expected one of b, a'],
  [
    'retire default',
    { TURN_SECRET: north },
    '"default": this is the only key: first add another key with "turnctl secrets rotate"',
  ],
  [
    'retire a',
    { TURN_SECRETS, REDIS_URL: 'redis:///1' },
    'REDIS_URL: the host is missing: expected redis://[user:password@]host[:port][/database]',
  ],
])('rejects turnctl secrets %s with exit code 2', async (args, environment, message) => {
  expect(await run(args, environment)).toEqual({ status: 2, stdout: '', stderr: `${message}\n` });
});

test.each([
  ['TURN_SECRET', `"${south}"`],
  ['TURN_SECRETS', `a="${south}",b=${north}`],
])('a command names stray characters around a secret in %s', async (name, secrets) => {
  const { status, stdout, stderr } = await run('rotate --id new', { [name]: secrets });
  expect([status, stdout.includes(secrets)]).toEqual([0, true]);
  expect(stderr).toMatch(new RegExp(`^Warning: ${name}: The value has quotes around it: remove them\\. `));
  expect(stderr).not.toContain(south);
});
