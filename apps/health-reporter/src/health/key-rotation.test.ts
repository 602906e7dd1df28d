import { describe, expect, test } from '@jest/globals';
import { freePort, startCoturn } from '@turn-router/testing';
import { createTurnProbe } from '../probe/turn-probe.ts';
import { healthAfterRound, provenKeyIds, provenPaths, startingHealth } from './health-state.ts';

const north = { id: 'north', secret: 'kJ8-first-north-secret' };
const south = { id: 'south', secret: 'sL2-second-south-secret' };
const never = new AbortController().signal;

describe('with several keys', () => {
  test('follows each step of a rotation on the server without a failed probe', async () => {
    const port = await freePort();
    const ask = createTurnProbe(
      {
        hosts: { IPv4: '127.0.0.1' },
        ports: { udp: port, tcp: port },
        serverName: undefined,
        realm: undefined,
        proof: 'relay',
        proofIntervalMs: 0,
        proofsInRow: 1,
        timeoutMs: 4_000,
      },
      { keys: [south, north] },
      { nowMs: Date.now, monotonicMs: () => performance.now() },
    );
    const thresholds = { success: 1, failure: 1 };
    let health = startingHealth;
    const seen: unknown[] = [];
    for (const secrets of [[north.secret], [south.secret, north.secret], [south.secret]]) {
      await using turn = await startCoturn({ secrets, port });
      expect(turn.port).toBe(port);
      for (let count = 0; count < 2; count += 1) {
        health = healthAfterRound(health, await ask(never), thresholds);
        seen.push([provenPaths(health).join(), ...provenKeyIds(health)]);
      }
    }
    expect(seen).toEqual([
      ['udp,tcp', 'north'],
      ['udp,tcp', 'north'],
      ['udp,tcp', 'south', 'north'],
      ['udp,tcp', 'south', 'north'],
      ['udp,tcp', 'south'],
      ['udp,tcp', 'south'],
    ]);
  });
});
