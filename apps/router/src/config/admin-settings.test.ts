import { expect, test } from '@jest/globals';
import type { Environment } from '@turn-router/settings';
import { readConfig } from './read-config.ts';

const operator = 'kJ8-qW3-the-token-of-operators-66';
const viewer = 'kJ8-qW3-the-token-of-viewers-5555';
const turnSecret = 'kJ8-first-north-secret-0123456789';
const reporterToken = 'kJ8-token-of-the-reporters-of-north';
const base: Environment = {
  AUTH: 'anonymous',
  POLICY_FILE: 'policy.yaml',
  TURN_SECRET: turnSecret,
  REPORTER_TOKEN: reporterToken,
};

test.each<[what: string, environment: Environment, tokens: unknown]>([
  ['none', {}, undefined],
  ['both', { ADMIN_TOKEN: operator, ADMIN_VIEWER_TOKEN: viewer }, { operator, viewer }],
  ['operator only', { ADMIN_TOKEN: operator }, { operator, viewer: undefined }],
  ['viewer only', { ADMIN_VIEWER_TOKEN: viewer }, { operator: undefined, viewer }],
])('reads the tokens of the admin API: %s', (_what, environment, adminTokens) => {
  const read = readConfig({ ...base, ...environment });
  expect(read.ok ? [read.config.secrets.adminTokens] : read.faults).toEqual([adminTokens]);
});

const expected = 'expected at least 32 characters of printable ASCII without spaces';
const random = 'expected random characters, such as the output of "openssl rand -hex 32"';
const jwtSecret = 'a-secret-that-the-issuer-has-as-well';

test.each<[environment: Environment, faults: string[]]>([
  [{ ADMIN_TOKEN: operator.slice(0, 31) }, [`ADMIN_TOKEN: Invalid value: ${expected}`]],
  [{ ADMIN_VIEWER_TOKEN: `${viewer} x` }, [`ADMIN_VIEWER_TOKEN: Invalid value: ${expected}`]],
  [
    { ADMIN_TOKEN: 'change-me-change-me-change-me-please' },
    [`ADMIN_TOKEN: the secret is a published example or default: ${random}`],
  ],
  [
    { ADMIN_TOKEN: 'kJ8-kJ8-kJ8-kJ8-kJ8-kJ8-kJ8-kJ8-' },
    [`ADMIN_TOKEN: the secret repeats a few characters: ${random}`],
  ],
  [
    { ADMIN_TOKEN: operator, ADMIN_VIEWER_TOKEN: operator },
    ['ADMIN_VIEWER_TOKEN: Equals ADMIN_TOKEN: expected a different token'],
  ],
  [{ ADMIN_TOKEN: reporterToken }, ['ADMIN_TOKEN: Equals REPORTER_TOKEN: expected a different token']],
  [{ ADMIN_VIEWER_TOKEN: turnSecret }, ['ADMIN_VIEWER_TOKEN: Equals TURN_SECRET: expected a different token']],
  [
    { ADMIN_TOKEN: turnSecret, TURN_SECRET: undefined, TURN_SECRETS: `b=another-secret-of-north,a=${turnSecret}` },
    ['ADMIN_TOKEN: Equals TURN_SECRETS: expected a different token'],
  ],
  [
    { ADMIN_TOKEN: jwtSecret, AUTH: 'jwt', JWT_SECRET: jwtSecret },
    ['ADMIN_TOKEN: Equals JWT_SECRET: expected a different token'],
  ],
])('%j stops the start without showing a token', (environment, faults) => {
  const read = readConfig({ ...base, ...environment });
  expect(read.ok ? [] : read.faults.map(({ field, detail }) => `${field}: ${detail}`)).toEqual(faults);
  const tokens = [operator, viewer, turnSecret, reporterToken, jwtSecret, 'change-me', 'kJ8-kJ8'];
  expect(tokens.filter((token) => JSON.stringify(read).includes(token.slice(0, 20)))).toEqual([]);
});
