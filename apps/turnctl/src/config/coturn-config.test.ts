import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fullNode, runConfig, south, tlsFiles } from './run-config.fixture.ts';

async function linesOf(environment: Record<string, string>, ...args: string[]): Promise<string[]> {
  const { status, stdout, stderr } = await runConfig(environment, 'coturn', ...args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

/** Settings that start-coturn.sh adds for each node. */
const ofOneNode = /^(listening-ip|listening-port|relay-ip|min-port|max-port|total-quota|realm|proc-user)=/;

const settingsOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => /^[a-z]/.test(line))
    .toSorted();

const linesFor = (version: string) => linesOf(fullNode, ...tlsFiles, '--coturn-version', version);

const userdb = (url: string) => ({ PUBLIC_IP: '192.0.2.50', COTURN_REDIS_URL: url });

describe('turnctl config coturn', () => {
  const switches = ['no-cli', 'no-dtls', 'no-tlsv1', 'no-tlsv1_1', 'no-rfc5780', 'software-attribute'];
  const switchesOf = async (version: string) => (await linesFor(version)).filter((line) => switches.includes(line));

  test.each([
    ['4.6.3', ['no-tlsv1', 'no-tlsv1_1', 'no-dtls', 'no-cli', 'no-rfc5780']],
    ['4.7.0', ['no-dtls', 'software-attribute', 'no-cli']],
    ['4.10.0', ['no-dtls', 'software-attribute']],
    ['4.17.2', ['software-attribute']],
  ])('contains the settings that coturn %s does not default to: %j', async (version, expected) => {
    expect(await switchesOf(version)).toEqual(expected);
  });

  test.each([
    ['4.6.3', []],
    ['4.10.0', ['cli']],
  ])('enables the CLI of coturn %s for the reporter, with a hashed password: %j', async (version, asked) => {
    const password = 'rD5-password-of-the-cli';
    const environment = { ...fullNode, TURN_CLI_PASSWORD: password, TURN_CLI_PORT: '5767' };
    const cliLines = async (...args: string[]) =>
      (await linesOf(environment, ...tlsFiles, '--coturn-version', version, ...args)).filter((line) =>
        /^(no-)?cli/.test(line),
      );
    expect(await cliLines('--with-secrets')).toEqual([
      ...asked,
      'cli-ip=127.0.0.1',
      'cli-port=5767',
      expect.stringMatching(/^cli-password=\$5\$(07){8}\$[0-9a-f]{64}$/),
    ]);
    expect(await cliLines()).toEqual(asked.length === 0 ? ['no-cli'] : []);
  });

  test('maps and allows the address behind a NAT', async () => {
    expect(await linesOf({ PUBLIC_IP: '192.0.2.50' }, '--relay-ip', '10.0.0.7')).toEqual(
      expect.arrayContaining([
        'listening-ip=127.0.0.1',
        'listening-ip=10.0.0.7',
        'relay-ip=10.0.0.7',
        'external-ip=192.0.2.50/10.0.0.7',
        'allowed-peer-ip=10.0.0.7',
      ]),
    );
    expect((await linesOf(fullNode, ...tlsFiles)).join('\n')).not.toMatch(/external-ip|allowed-peer-ip/);
  });

  test.each([
    ['4.13.0', ['allowed-peer-ip=10.0.0.7', 'allowed-peer-ip=fd00::7']],
    ['4.13.1', ['allowed-peer-ip=10.0.0.7']],
  ])('allows the own addresses that coturn %s does not always refuse: %j', async (version, expected) => {
    const lines = await linesOf({ PUBLIC_IP: '10.0.0.7', PUBLIC_IPV6: 'fd00::7' }, '--coturn-version', version);
    expect(lines.filter((line) => line.startsWith('allowed-peer-ip='))).toEqual(expected);
  });

  test.each([
    [{ TURN_HOSTNAME: 'turn.example.org', TURN_REALM: 'example.org' }, 'realm=example.org'],
    [{ TURN_HOSTNAME: 'turn.example.org' }, 'realm=turn.example.org'],
    [{}, 'realm=turn-router'],
  ])('writes for %j: %s', async (environment, expected) => {
    expect(await linesOf({ PUBLIC_IP: '192.0.2.50', ...environment })).toContain(expected);
  });

  test.each([
    [{ PUBLIC_IP: '192.0.2.50' }, ['127.0.0.1', '192.0.2.50']],
    [{ PUBLIC_IPV6: '2001:db8::50' }, ['::1', '2001:db8::50']],
    [{ PUBLIC_IP: '192.0.2.50', TURN_ADDRESS: 'turn-1.internal' }, ['192.0.2.50']],
    [
      { PUBLIC_IP: '192.0.2.50', PUBLIC_IPV6: '2001:db8::50', TURN_ADDRESS_IPV6: 'fd00::7' },
      ['127.0.0.1', 'fd00::7', '192.0.2.50', '2001:db8::50'],
    ],
  ])('for %j listens on the addresses of callers and of probes: %j', async (environment, expected) => {
    const listening = (await linesOf(environment)).filter((line) => line.startsWith('listening-ip='));
    expect(listening).toEqual(expected.map((address) => `listening-ip=${address}`));
  });

  test('has the same settings for peers, users and the log as the shipped containers', async () => {
    const shipped = readFileSync(new URL('../../../health-reporter/docker/turnserver.conf', import.meta.url), 'utf8');
    expect(settingsOf(shipped).filter((line) => !/^(userdb|pidfile)=/.test(line))).toEqual(
      settingsOf((await linesOf({ PUBLIC_IP: '192.0.2.50' })).join('\n')).filter((line) => !ofOneNode.test(line)),
    );
  });

  test('is for the recommended version by default', async () => {
    expect(await linesOf(fullNode, ...tlsFiles)).toEqual(await linesFor('4.17.2'));
  });

  test('denies the IPv4-mapped network only for versions that do not check it as IPv4', async () => {
    const mapped = 'denied-peer-ip=::ffff:0:0-0:0:0:0:0:ffff:ffff:ffff';
    expect(await linesFor('4.12.0')).toContain(mapped);
    expect(await linesFor('4.13.0')).not.toContain(mapped);
  });

  test('rejects a secret that coturn would truncate, without showing it', async () => {
    const environment = { PUBLIC_IP: '192.0.2.50', TURN_SECRETS: `b=${south},a=has-a-#-in-its-middle` };
    expect(await runConfig(environment, 'coturn', '--with-secrets')).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'coturn cannot read the secret "a": expected only A–Z, a–z, 0–9, "+", "/", "_", "-" and "=", not beginning with "="\n',
    });
  });

  const asUserdb = ['--with-secrets', '--redis-userdb'];

  test.each([
    ['redis://127.0.0.1', 'ip=127.0.0.1 port=6379 dbname=0 connect_timeout=2'],
    ['redis://:p-1@localhost:6380/2', 'ip=localhost port=6380 dbname=2 password=p-1 connect_timeout=2'],
    ['redis://coturn-a:p%3D1@[::1]:6379', 'ip=::1 port=6379 dbname=0 user=coturn-a password=p=1 connect_timeout=2'],
  ])('lets coturn read its secrets from %s', async (url, expected) => {
    const lines = await linesOf({ ...userdb(url), TURN_SECRETS: `b=${south}` }, ...asUserdb);
    expect(lines).toEqual(
      expect.arrayContaining([`redis-userdb="${expected}"`, 'no-dynamic-realms', 'no-dynamic-ip-list']),
    );
    // A secret in the file stays valid until coturn restarts.
    expect(lines.join('\n')).not.toMatch(/static-auth-secret|proc-user/);
  });

  const noOption =
    '--redis-userdb: This option needs --with-secrets, because the file then contains the password of the Redis user';
  test.each<[url: string, args: string[], message: string]>([
    [
      '',
      asUserdb,
      'COTURN_REDIS_URL: Missing: expected the Redis of coturn, redis://[user:password@]host[:port][/database]',
    ],
    ['redis://127.0.0.1', ['--redis-userdb'], noOption],
    [
      'redis:///1',
      asUserdb,
      'COTURN_REDIS_URL: the host is missing: expected redis://[user:password@]host[:port][/database]',
    ],
    [
      'rediss://u:the-password@127.0.0.1',
      asUserdb,
      'COTURN_REDIS_URL: this URL asks for TLS: expected redis://…, because not every coturn supports TLS; use a Redis on the host of coturn',
    ],
    [
      'redis+sentinel://u:the-password@a:1,b:1/x',
      asUserdb,
      'COTURN_REDIS_URL: this URL names several servers: expected one server, redis://…, because coturn connects to only one',
    ],
    [
      'redis://u:the-password@a?replica=b',
      asUserdb,
      'COTURN_REDIS_URL: this URL names a replica: expected one server, because coturn connects to only one',
    ],
    [
      'redis://a redis://b',
      asUserdb,
      'COTURN_REDIS_URL: this setting names 2 servers: expected one server, because coturn connects to only one',
    ],
    [
      'redis://u:the%20password@a',
      asUserdb,
      'COTURN_REDIS_URL: coturn cannot read the password: expected only letters, digits and "._~+/=-"',
    ],
    [
      'redis://u%22:the-password@a',
      asUserdb,
      'COTURN_REDIS_URL: coturn cannot read the user: expected only letters, digits and "._~+/=-"',
    ],
    [
      'redis://u@a',
      asUserdb,
      'COTURN_REDIS_URL: the user has no password: expected redis://user:password@host, because coturn does not log in otherwise',
    ],
    [
      'redis://u:the-password@a',
      [...asUserdb, '--coturn-version', '4.6.2'],
      'COTURN_REDIS_URL: coturn 4.6.2 ignores the user: expected redis://:password@host for the user "default" of a Redis for coturn alone, or coturn 4.6.3 or later',
    ],
  ])('rejects the Redis %s with %j, without showing its password', async (url, args, message) => {
    expect(await runConfig(userdb(url), 'coturn', ...args)).toEqual({ status: 2, stdout: '', stderr: `${message}\n` });
    expect(message).not.toContain('the-password');
  });
});
