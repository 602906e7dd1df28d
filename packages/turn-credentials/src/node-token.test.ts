import { expect, test } from '@jest/globals';
import { nodeToken } from './node-token.ts';

const token = nodeToken('reporter-token-of-2026', 'eu-central-1/node-01');

test('derives the same token in every version, because nodes store it', () => {
  expect(token).toBe('9zh8pIK1ZM7HzFDK4frqsMD_LbCmtI5oVihH1KSDaIM');
});

test.each([
  ['another node', 'reporter-token-of-2026', 'eu-central-1/node-02'],
  ['another region', 'reporter-token-of-2026', 'us-east-1/node-01'],
  ['another router’s token', 'reporter-token-of-2027', 'eu-central-1/node-01'],
])('derives a different token for %s', (_, reporterToken, node) => {
  expect(nodeToken(reporterToken, node)).not.toBe(token);
});
