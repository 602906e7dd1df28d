import { describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@turn-router/testing';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fullNode, north, runConfig, tlsFiles } from './run-config.fixture.ts';

describe.each(['coturn', 'eturnal'])('turnctl config %s', (server) => {
  test.each<[environment: Record<string, string>, args: string[], lines: string[]]>([
    [{}, [], ['PUBLIC_IP: Missing: expected at least one of PUBLIC_IP, PUBLIC_IPV6 and TURN_HOSTNAME']],
    [
      { TURN_HOSTNAME: 'turn-1.example.org' },
      [],
      ['PUBLIC_IP: Missing: expected PUBLIC_IP or PUBLIC_IPV6, the address from which the server relays'],
    ],
    [
      { PUBLIC_IP: '192.0.2', TURN_PORT: '0', RELAY_MIN_PORT: '2', RELAY_MAX_PORT: '1', TURN_TLS_PORT: '443' },
      ['--with-secrets'],
      [
        'PUBLIC_IP: Invalid value "192.0.2": expected an IPv4 address',
        'TURN_PORT: Invalid value "0": expected a port, 1–65535',
        'TURN_HOSTNAME: Missing: expected the name in the certificate, because TURN_TLS_PORT is set',
        'RELAY_MIN_PORT: Too big: expected at most RELAY_MAX_PORT (1)',
        '--cert: Missing: expected a file, because TURN_TLS_PORT is set',
        '--key: Missing: expected a file, because TURN_TLS_PORT is set',
        'TURN_SECRETS: Missing: expected TURN_SECRETS or TURN_SECRET',
      ],
    ],
    [
      { PUBLIC_IP: '192.0.2.50', TURN_REALM: 'two words' },
      [],
      ['TURN_REALM: Not usable in a TURN server configuration: expected only letters, digits, ".", "_" and "-"'],
    ],
    [
      { PUBLIC_IPV6: '2001:db8::50' },
      ['--relay-ip', '10.0.0.7'],
      ['--relay-ip: This option needs PUBLIC_IP: set PUBLIC_IP to the public address of the NAT'],
    ],
    [
      { PUBLIC_IP: '192.0.2.50', TURN_SECRET: north, TURN_SECRET_MODE: 'per-node' },
      ['--with-secrets'],
      [
        'TURN_SECRET_MODE: per-node is not allowed for a single node: unset TURN_SECRET_MODE, and set TURN_SECRETS to the output of "turnctl secrets derive"',
      ],
    ],
    [
      { PUBLIC_IP: '192.0.2.50', TURN_SECRET: 'short-one' },
      ['--with-secrets'],
      ['TURN_SECRET: the secret has 9 characters: expected at least 16'],
    ],
  ])('reports every fault of %j %j, and exits with 2', async (environment, args, lines) => {
    const { status, stdout, stderr } = await runConfig(environment, server, ...args);
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: `${lines.join('\n')}\n` });
  });

  test.each([
    ['--relay-ip', '2001:db8::1'],
    ['--cert', 'relative.pem'],
    ['--key', '/etc/a\nno-auth'],
  ])('rejects %s %j', async (option, value) => {
    const { status, stdout, stderr } = await runConfig({ PUBLIC_IP: '192.0.2.50' }, server, option, value);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`error: option '${option} <`);
  });

  test('does not read secrets without --with-secrets', async () => {
    const environment = { PUBLIC_IP: '192.0.2.50', TURN_SECRET_FILE: '/nonexistent', TURN_SECRETS: 'rubbish' };
    expect((await runConfig(environment, server)).status).toBe(0);
  });

  test('makes an existing file readable for its owner only', async () => {
    await using directory = await temporaryDirectory('config');
    const file = join(directory.path, 'server.conf');
    writeFileSync(file, 'old', { mode: 0o644 });
    const args = [server, ...tlsFiles, '--with-secrets'];
    expect(await runConfig(fullNode, ...args, '-o', file)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toBe((await runConfig(fullNode, ...args)).stdout);
    expect(readFileSync(file, 'utf8')).toContain(north);
    const folder = await runConfig(fullNode, ...args, '-o', directory.path);
    expect(folder).toMatchObject({
      status: 2,
      stderr: `${directory.path}: cannot be written: illegal operation on a directory\n`,
    });
  });
});
