import { expect, test } from '@jest/globals';
import { createPeerResolver } from './resolve-peers.ts';

test('resolves names, and lists names without an address', async () => {
  const found = await createPeerResolver([
    { host: 'localhost', port: 1 },
    { host: 'no-such-router.invalid', port: 2 },
    { host: '192.0.2.7', port: 3 },
  ])();
  expect(found.addresses).toContainEqual({ host: '127.0.0.1', port: 1 });
  expect(found.addresses).toContainEqual({ host: '192.0.2.7', port: 3 });
  expect(found.unknown).toEqual(['no-such-router.invalid']);
});
