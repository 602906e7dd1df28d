import { expect, test } from '@jest/globals';
import { byForm } from '@turn-router/testing';
import type { SecretMode } from '@turn-router/turn-credentials';
import { askForIceServers } from '../ask.ts';
import { startCallers } from './callers.ts';
import { startNodesWithSecrets, type KeyId } from './nodes-with-secrets.ts';
import { turnEntries } from './turn-entries.ts';

test.each<[mode: SecretMode, allocations: number]>([
  ['shared', 1_000],
  ['per-node', byForm({ short: 1_000, full: 10_000 })],
])(
  'with %s secrets, none of %i allocations fails while two nodes rotate theirs one after the other',
  async (mode, allocationsMin) => {
    await using parts = await startNodesWithSecrets(mode);
    const { calls, faults, until, stop } = startCallers({
      callers: 8,
      allocationsMin,
      ask: async () => turnEntries(await askForIceServers(parts.router.url, { maxNodes: 2 })),
      nodes: () => parts.nodes.map(({ id, coturn, keys }) => ({ id, port: coturn.port, keys })),
    });
    const [first, second] = parts.nodes;
    /** Waits until a fifth of all calls in a row, from now on, are signed with these keys of the two nodes. */
    const untilSignedWith = (...keyIds: [KeyId, KeyId]) =>
      until(
        `calls with the ${keyIds.join(' and the ')} key`,
        allocationsMin / 5,
        ({ node, keyId }) => keyId === keyIds[node === first?.id ? 0 : 1],
      );
    try {
      await untilSignedWith('old', 'old');
      await first?.accept('new');
      await untilSignedWith('new', 'old');
      await first?.refuse('old');
      await second?.accept('new');
      await untilSignedWith('new', 'new');
      await second?.refuse('old');
      await untilSignedWith('new', 'new');
    } finally {
      await stop();
    }
    expect(faults).toEqual([]);
    expect(calls.length).toBeGreaterThanOrEqual(allocationsMin);
    expect(new Set(calls.map(({ node, keyId }) => `${node} ${keyId}`))).toEqual(
      new Set(['node-1 old', 'node-1 new', 'node-2 old', 'node-2 new']),
    );
  },
);
