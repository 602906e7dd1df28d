import { expect, test } from '@jest/globals';
import type { Environment } from '@turn-router/settings';
import { readConfig } from './read-config.ts';

const secret = 'kJ8-qW3-the-secret-of-all-routers';
const adminToken = 'kJ8-qW3-the-token-of-operators-66';
const base: Environment = {
  AUTH: 'anonymous',
  POLICY_FILE: 'policy.yaml',
  TURN_SECRET: 'kJ8-first-north-secret-0123456789',
  REDIS_URL: 'redis://127.0.0.1:6379',
  ADMIN_TOKEN: adminToken,
};
const peers: Environment = { PEERS: 'router-1:8082', PEER_SECRET: secret };

test.each<[what: string, environment: Environment, config: unknown]>([
  ['none', {}, undefined],
  ['one name', peers, { addresses: [{ host: 'router-1', port: 8082 }], host: undefined, port: 8082 }],
  [
    'several addresses',
    { ...peers, PEERS: '192.0.2.1:1, [2001:db8::1]:2,', PEER_HOST: '::', PEER_PORT: '9000' },
    {
      addresses: [
        { host: '192.0.2.1', port: 1 },
        { host: '2001:db8::1', port: 2 },
      ],
      host: '::',
      port: 9_000,
    },
  ],
])('reads PEERS: %s', (_what, environment, config) => {
  const read = readConfig({ ...base, ...environment });
  expect(read.ok ? [read.config.config.peers, read.config.secrets.peerSecret] : read.faults).toEqual([
    config,
    environment['PEER_SECRET'],
  ]);
});

const form = 'expected host:port, IPv6 addresses in brackets, such as router-1:8082,[2001:db8::1]:8082';

test.each<[environment: Environment, faults: string[]]>([
  [{ ...peers, PEERS: 'router-1' }, [`PEERS: Invalid value "router-1": ${form}`]],
  [{ ...peers, PEERS: ',' }, [`PEERS: Invalid value ",": ${form}`]],
  [{ PEERS: 'router-1:8082' }, ['PEER_SECRET: Missing: expected the secret of all routers, because PEERS is set']],
  [{ PEER_SECRET: secret }, ['PEERS: Missing: expected the peer listeners of all routers, because PEER_SECRET is set']],
  [
    { ...peers, REDIS_URL: undefined, REPORTER_TOKEN: 'kJ8-token-of-the-reporters' },
    [
      'PEERS: This setting needs REDIS_URL: set both or neither, because routers with embedded registries cannot share limits',
    ],
  ],
  [
    { ...peers, PEER_SECRET: secret.slice(0, 31) },
    ['PEER_SECRET: Invalid value: expected at least 32 characters of printable ASCII without spaces'],
  ],
  [
    { ...peers, PEER_SECRET: 'change-me-change-me-change-me-please' },
    [
      'PEER_SECRET: the secret is a published example or default: expected random characters, such as the output of "openssl rand -hex 32"',
    ],
  ],
  [{ ...peers, PEER_SECRET: adminToken }, ['PEER_SECRET: Equals ADMIN_TOKEN: expected a different secret']],
  [
    { ...peers, PEER_SECRET: 'kJ8-first-north-secret-0123456789' },
    ['PEER_SECRET: Equals TURN_SECRET: expected a different secret'],
  ],
])('%j stops the start', (environment, faults) => {
  const read = readConfig({ ...base, ...environment });
  expect(read.ok ? [] : read.faults.map(({ field, detail }) => `${field}: ${detail}`)).toEqual(faults);
});
