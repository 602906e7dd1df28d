import { expect, test } from '@jest/globals';
import { proveRelayFromOutside } from '@turn-router/stun';
import { createManualClock, eventually, startCoturn } from '@turn-router/testing';
import { issueCredential } from '@turn-router/turn-credentials';
import { createAllocationMeter } from './allocation-meter.ts';

const secret = 'north-secret-of-2026';

test('probes from outside of a real coturn are neither started nor settled allocations', async () => {
  await using coturn = await startCoturn({ secrets: [secret] });
  const { address: host, port, relayPorts } = coturn;
  const clock = createManualClock();
  const sample = createAllocationMeter('/', relayPorts, {
    foreignSockets: () => Promise.resolve(new Set()),
    monotonicMs: clock.now,
  });
  const afterProbes: unknown[] = [];
  await sample();
  for (let probe = 0; probe < 4; probe += 1) {
    const credentials = issueCredential({
      key: { id: 'first', secret },
      opaqueUserId: 'probe-eu-node-1',
      nowMs: Date.now(),
      ttlSeconds: 60,
    });
    const server = { host, port, transport: 'udp' } as const;
    clock.advance(1_000);
    // coturn keeps the socket for a second after the probe.
    const [{ relay }] = await Promise.all([
      proveRelayFromOutside(server, credentials, { timeoutMs: 10_000 }),
      eventually('a sample with the probe', async () => (await sample())?.live === 1, { everyMs: 20 }),
    ]);
    expect(relay).toEqual({ ok: true });
    await eventually('coturn to close the socket', async () => (await sample())?.live === 0);
    clock.advance(1_000);
    afterProbes.push(await sample());
  }
  expect(afterProbes).toEqual(afterProbes.map(() => ({ live: 0, settled: 0, started: 0 })));
});
