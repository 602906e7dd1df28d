import { expect, test } from '@jest/globals';
import { nodeToken } from './node-token.ts';

const token = nodeToken('reporter-token-of-2026', 'eu-central-1/node-01');

test('is this for this node, now and in later versions: nodes keep it', () => {
  expect(token).toBe('9zh8pIK1ZM7HzFDK4frqsMD_LbCmtI5oVihH1KSDaIM');
});

test.each([
  ['another node', 'reporter-token-of-2026', 'eu-central-1/node-02'],
  ['another region', 'reporter-token-of-2026', 'us-east-1/node-01'],
  ['another router’s token', 'reporter-token-of-2027', 'eu-central-1/node-01'],
])('is another for %s', (_, reporterToken, node) => {
  expect(nodeToken(reporterToken, node)).not.toBe(token);
});
