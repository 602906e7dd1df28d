import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { allocateAndRelease } from '@turn-router/stun';
import { byForm, eventually } from '@turn-router/testing';
import type { SecretMode } from '@turn-router/turn-credentials';
import { askForIceServers } from '../ask.ts';
import { startNodesWithSecrets, type KeyId, type NodesWithSecrets } from './nodes-with-secrets.ts';
import { portOf, turnEntries, type TurnEntry } from './turn-entries.ts';

type Call = { readonly node: string; readonly keyId: string };

const callers = 8;

/**
 * Allocates on the node of an entry, and returns that node and the key that signed the credential. It uses TCP: coturn remembers the address
 * of a UDP client for a second (error 437), and at this rate one machine reuses its ports.
 */
async function call({ nodes }: NodesWithSecrets, entry: TurnEntry): Promise<Call> {
  const port = portOf(entry);
  await allocateAndRelease({ host: '127.0.0.1', port, transport: 'tcp' }, entry, { timeoutMs: 60_000 });
  const node = nodes.find(({ coturn }) => coturn.port === port);
  const key = node?.keys.keys.find(
    ({ secret }) => createHmac('sha1', secret).update(entry.username).digest('base64') === entry.credential,
  );
  return { node: node?.id ?? 'none', keyId: key?.id ?? 'none' };
}

test.each<[mode: SecretMode, allocations: number]>([
  ['shared', 1_000],
  ['per-node', byForm({ short: 1_000, full: 10_000 })],
])(
  'with %s secrets, none of %i allocations fails while two nodes rotate theirs one after the other',
  async (mode, allocationsMin) => {
    await using parts = await startNodesWithSecrets(mode);
    const calls: Call[] = [];
    const faults: unknown[] = [];
    const rotated = new AbortController();
    async function callRepeatedly(): Promise<void> {
      while (!rotated.signal.aborted || calls.length < allocationsMin) {
        try {
          const entries = turnEntries(await askForIceServers(parts.router.url, { maxNodes: 2 }));
          calls.push(...(await Promise.all(entries.map((entry) => call(parts, entry)))));
        } catch (error) {
          faults.push(error);
          return;
        }
      }
    }
    const calling = Promise.all(Array.from({ length: callers }, callRepeatedly));
    const [first, second] = parts.nodes;
    /** Waits until a fifth of all calls in a row, from now on, are signed with these keys of the two nodes. */
    const untilSignedWith = (...keyIds: [KeyId, KeyId]) => {
      const before = calls.length;
      const enough = allocationsMin / 5;
      const isExpected = ({ node, keyId }: Call) => keyId === keyIds[node === first?.id ? 0 : 1];
      return eventually(`calls with the ${keyIds.join(' and the ')} key`, () => {
        if (faults.length > 0) throw new Error('a call has failed', { cause: faults[0] });
        const latest = calls.slice(before).slice(-enough);
        return latest.length === enough && latest.every(isExpected);
      });
    };
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
      rotated.abort();
      await calling;
    }
    expect(faults).toEqual([]);
    expect(calls.length).toBeGreaterThanOrEqual(allocationsMin);
    expect(new Set(calls.map(({ node, keyId }) => `${node} ${keyId}`))).toEqual(
      new Set(['node-1 old', 'node-1 new', 'node-2 old', 'node-2 new']),
    );
  },
);
