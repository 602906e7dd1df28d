import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { allocateAndRelease } from '@turn-router/stun';
import { byForm, eventually } from '@turn-router/testing';
import type { SecretMode } from '@turn-router/turn-credentials';
import { askForRelays } from '../ask.ts';
import { startNodesWithSecrets, type KeyId, type NodesWithSecrets } from './nodes-with-secrets.ts';
import { portOf, turnEntries, type TurnEntry } from './turn-entries.ts';

type Call = { readonly node: string; readonly keyId: string };

const callers = 8;

/**
 * Allocates at the node of an entry; which one that was, and which key has signed. Over TCP: coturn remembers the address of a UDP client
 * for a second (437), and at this pace one machine draws the same ones again.
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
  'with %s secrets, two nodes change theirs one after the other, and none of %i allocations fails meanwhile',
  async (mode, allocationsMin) => {
    await using parts = await startNodesWithSecrets(mode);
    const calls: Call[] = [];
    const faults: unknown[] = [];
    const rotated = new AbortController();
    async function callOnAndOn(): Promise<void> {
      while (!rotated.signal.aborted || calls.length < allocationsMin) {
        try {
          const entries = turnEntries(await askForRelays(parts.router.url, { maxNodes: 2 }));
          calls.push(...(await Promise.all(entries.map((entry) => call(parts, entry)))));
        } catch (error) {
          faults.push(error);
          return;
        }
      }
    }
    const calling = Promise.all(Array.from({ length: callers }, callOnAndOn));
    const [first, second] = parts.nodes;
    /** A fifth of all calls, from now on and in a row, is signed with these keys of the two nodes. */
    const eventuallyCalled = (...keyIds: [KeyId, KeyId]) => {
      const before = calls.length;
      const enough = allocationsMin / 5;
      const isSo = ({ node, keyId }: Call) => keyId === keyIds[node === first?.id ? 0 : 1];
      return eventually(`calls with the ${keyIds.join(' and the ')} key`, () => {
        if (faults.length > 0) throw new Error('a call has failed', { cause: faults[0] });
        const latest = calls.slice(before).slice(-enough);
        return latest.length === enough && latest.every(isSo);
      });
    };
    try {
      await eventuallyCalled('old', 'old');
      await first?.accept('new');
      await eventuallyCalled('new', 'old');
      await first?.refuse('old');
      await second?.accept('new');
      await eventuallyCalled('new', 'new');
      await second?.refuse('old');
      await eventuallyCalled('new', 'new');
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
