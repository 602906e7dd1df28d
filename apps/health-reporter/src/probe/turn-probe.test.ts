import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort, startCoturn, type CoturnServer } from '@turn-router/testing';
import { probedPorts } from './probe-round.ts';
import { createTurnProbe } from './turn-probe.ts';

const key = { id: 'north', secret: 'kJ8-first-north-secret' };
const clock = { nowMs: Date.now, monotonicMs: () => performance.now() };
const never = new AbortController().signal;

let coturn: CoturnServer;

beforeAll(async () => {
  // Room for one allocation a user: probes that run side by side must not take it from each other.
  coturn = await startCoturn({ secrets: [key.secret], config: ['user-quota=1'] });
});

afterAll(() => coturn.stop());

function probe({ secret = key.secret, port = coturn.port, nowMs = clock.nowMs } = {}) {
  const target = { host: '127.0.0.1', ports: { udp: port, tcp: port }, serverName: undefined, timeoutMs: 4_000 };
  return createTurnProbe(target, { ...key, secret }, { ...clock, nowMs });
}

describe('a probe of a real coturn', () => {
  test('passes over UDP and TCP', async () => {
    const round = await probe()(never);
    const passed = {
      ok: true,
      latencyMs: expect.any(Number),
      relayPort: expect.any(Number),
      software: expect.stringMatching(/^Coturn/),
    };
    expect([...round]).toEqual([
      ['udp', passed],
      ['tcp', passed],
    ]);
    const { min, max } = coturn.relayPorts;
    expect([...probedPorts(round)].filter((port) => port >= min && port <= max)).toHaveLength(2);
  });

  test.each([
    ['with another secret', { secret: 'sL2-second-south-secret' }],
    ['with a clock that is two minutes behind', { nowMs: () => Date.now() - 120_000 }],
  ])('is refused %s', async (_what, changes) => {
    const round = await probe(changes)(never);
    const failed = { ok: false, reason: 'the server refused allocate: 401 Unauthorized' };
    expect([...round]).toEqual([
      ['udp', failed],
      ['tcp', failed],
    ]);
  });

  test('fails where nobody listens', async () => {
    const round = await probe({ port: await freePort() })(never);
    const failed = { ok: false, reason: 'the server cannot be reached: ECONNREFUSED' };
    expect([...round]).toEqual([
      ['udp', failed],
      ['tcp', failed],
    ]);
  });

  test('ends when it is stopped', async () => {
    const round = await probe()(AbortSignal.abort());
    const aborted = { ok: false, reason: 'aborted by the caller' };
    expect([...round.values()]).toEqual([aborted, aborted]);
  });
});
