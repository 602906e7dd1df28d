import { expect, test } from '@jest/globals';
import { allocateAndRelease } from '@turn-router/stun';
import { askForIceServers } from '../ask.ts';
import { startNodesWithSecrets } from './nodes-with-secrets.ts';
import { portOf, turnEntries, type TurnEntry } from './turn-entries.ts';

function allocate(entry: TurnEntry, port: number) {
  return allocateAndRelease({ host: '127.0.0.1', port, transport: 'udp' }, entry, { timeoutMs: 60_000 });
}

test('with per-node secrets, a credential works on its own server and is refused by the other', async () => {
  await using parts = await startNodesWithSecrets('per-node');
  const ports = parts.nodes.map(({ coturn }) => coturn.port);
  const entries = turnEntries(await askForIceServers(parts.router.url, { maxNodes: 2 }));
  expect(new Set(entries.map(portOf))).toEqual(new Set(ports));
  for (const entry of entries) {
    await allocate(entry, portOf(entry));
    for (const port of ports.filter((other) => other !== portOf(entry))) {
      await expect(allocate(entry, port)).rejects.toMatchObject({ fault: 'credentials_refused' });
    }
  }
});
