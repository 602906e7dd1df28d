import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createManualClock, freePort, pauseProcess, startCoturn, type CoturnServer } from '@turn-router/testing';
import type { ProbeRound } from './probe-round.ts';
import type { ProbeTarget } from './probe-target.ts';
import { createTurnProbe } from './turn-probe.ts';

const north = { id: 'north', secret: 'kJ8-first-north-secret' };
const south = { id: 'south', secret: 'sL2-second-south-secret' };
const east = { id: 'east', secret: 'eM4-third-east-secret' };
const never = new AbortController().signal;

let coturn: CoturnServer;

beforeAll(async () => {
  coturn = await startCoturn({ secrets: [north.secret], config: ['listening-ip=::1', 'relay-ip=::1'] });
});

afterAll(() => coturn.stop());

type Changes = Partial<ProbeTarget> & { port?: number; nowMs?: () => number; monotonicMs?: () => number };

function probe(changes: Changes = {}, keys: [typeof north, ...(typeof north)[]] = [north]) {
  const { port = coturn.port, nowMs = Date.now, monotonicMs = () => performance.now(), ...target } = changes;
  return createTurnProbe(
    {
      hosts: { IPv4: '127.0.0.1' },
      ports: { udp: port, tcp: port },
      serverName: undefined,
      realm: undefined,
      proof: 'relay',
      proofIntervalMs: 10_000,
      proofsInRow: 1,
      timeoutMs: 4_000,
      ...target,
    },
    { keys },
    { nowMs, monotonicMs },
  );
}

/** One word for each path: the depth of its proof, or the reason of its failure. */
const words = ({ results }: ProbeRound) =>
  Object.fromEntries([...results].map(([path, result]) => [path, result.ok ? result.depth : result.reason]));
const keysHeard = ({ keyTrials }: ProbeRound) => keyTrials.map(({ keyId, accepted }) => `${keyId} ${accepted}`);

describe('a probe of a real coturn', () => {
  test('relays over UDP and TCP, and returns its relay ports', async () => {
    const round = await probe()(never);
    const passed = {
      ok: true,
      depth: 'relay',
      latencyMs: expect.any(Number),
      relayLatencyMs: expect.any(Number),
      bindingLatencyMs: undefined,
      binding: 'open',
      denied: false,
      relayFamily: 'IPv4',
      relayPort: expect.any(Number),
      software: expect.stringMatching(/^Coturn/),
      certificateExpiresAtMs: undefined,
    };
    expect([...round.results]).toEqual([
      ['udp', passed],
      ['tcp', passed],
    ]);
    const { min, max } = coturn.relayPorts;
    expect([...round.relayPorts].filter((port) => port >= min && port <= max)).toHaveLength(2);
    expect(keysHeard(round)).toEqual(['north true']);
  });

  test('proves both families, each with a relayed address of that family', async () => {
    const { results } = await probe({ hosts: { IPv4: '127.0.0.1', IPv6: '::1' } })(never);
    const families = [...results].map(([path, result]) => [path, result.ok && result.relayFamily]);
    expect(families).toEqual([
      ['udp', 'IPv4'],
      ['tcp', 'IPv4'],
      ['udp6', 'IPv6'],
      ['tcp6', 'IPv6'],
    ]);
  });

  test('uses a separate user for each probe, so that a quota of one allocation per user admits all', async () => {
    const config = ['user-quota=1', 'listening-ip=::1', 'relay-ip=::1'];
    await using strict = await startCoturn({ secrets: [north.secret, south.secret], config });
    const round = await probe({ port: strict.port, hosts: { IPv4: '127.0.0.1', IPv6: '::1' } }, [north, south])(never);
    expect(words(round)).toEqual({ udp: 'relay', tcp: 'relay', udp6: 'relay', tcp6: 'relay' });
    expect(keysHeard(round)).toEqual(['north true', 'south true']);
  });

  test('accepts an IPv4 relay address over IPv6 if the server has no other', async () => {
    await using narrow = await startCoturn({ secrets: [north.secret], config: ['listening-ip=::1'] });
    const { results } = await probe({ port: narrow.port, hosts: { IPv6: '::1' } })(never);
    expect(results.get('udp6')).toMatchObject({ ok: true, depth: 'relay', relayFamily: 'IPv4' });
  });

  test('accepts an allocation as proof if configured', async () => {
    expect(words(await probe({ proof: 'allocation' })(never))).toEqual({ udp: 'allocation', tcp: 'allocation' });
  });

  test('accepts an allocation as proof if the server denies its own address, and returns that fact', async () => {
    await using strict = await startCoturn({ secrets: [north.secret], config: ['denied-peer-ip=127.0.0.1'] });
    const { results } = await probe({ port: strict.port })(never);
    const denied = { ok: true, depth: 'allocation', denied: true };
    expect([...results.values()]).toEqual([expect.objectContaining(denied), expect.objectContaining(denied)]);
  });

  test.each<[what: string, changes: Changes, key: typeof north, reason: string]>([
    ['another secret', {}, south, 'credentials_refused'],
    ['another realm', { realm: 'other.test' }, north, 'wrong_realm'],
    ['a clock that is two minutes behind', { nowMs: () => Date.now() - 120_000 }, north, 'clock_ahead'],
  ])('fails with %s', async (_what, changes, key, reason) => {
    expect(words(await probe(changes, [key])(never))).toEqual({ udp: reason, tcp: reason });
  });

  test("does not record the key as refused if the server's clock is ahead", async () => {
    expect(keysHeard(await probe({ nowMs: () => Date.now() - 120_000 })(never))).toEqual([]);
  });

  test('fails if nothing listens', async () => {
    expect(words(await probe({ port: await freePort() })(never))).toEqual({ udp: 'unreachable', tcp: 'unreachable' });
  });

  test('fails within its timeout if nothing answers', async () => {
    await using hung = await startCoturn({ secrets: [north.secret] });
    await pauseProcess(hung);
    const round = await probe({ port: hung.port, timeoutMs: 300 }, [south, north])(never);
    hung.signal('SIGCONT');
    expect(words(round)).toEqual({ udp: 'timeout', tcp: 'timeout' });
    expect(keysHeard(round)).toEqual([]);
  });

  test('ends when its signal fires', async () => {
    expect(words(await probe()(AbortSignal.abort()))).toEqual({ udp: 'aborted', tcp: 'aborted' });
  });
});

describe('between two proofs', () => {
  test('sends a Binding until the interval is over, which binds no port', async () => {
    const clock = createManualClock();
    const ask = probe({ monotonicMs: clock.now });
    const depths: unknown[] = [];
    for (const afterMs of [0, 5_000, 4_999, 1]) {
      clock.advance(afterMs);
      const round = await ask(never);
      depths.push([words(round)['udp'], round.relayPorts.size > 0]);
    }
    expect(depths).toEqual([
      ['relay', true],
      ['binding', false],
      ['binding', false],
      ['relay', true],
    ]);
  });

  test('first requires the configured number of proofs in a row', async () => {
    const ask = probe({ ports: { tcp: coturn.port }, proofsInRow: 3, monotonicMs: () => 0 });
    const depths: unknown[] = [];
    for (let count = 0; count < 4; count += 1) depths.push(words(await ask(never))['tcp']);
    expect(depths).toEqual(['relay', 'relay', 'relay', 'binding']);
  });

  test('runs a full proof after a failed Binding', async () => {
    await using shortLived = await startCoturn({ secrets: [north.secret] });
    const { port } = shortLived;
    const ask = probe({ port, monotonicMs: () => 0 });
    await ask(never);
    await shortLived.stop();
    expect(words(await ask(never))).toEqual({ udp: 'unreachable', tcp: 'unreachable' });
    await using again = await startCoturn({ secrets: [south.secret], port });
    expect(again.port).toBe(port);
    expect(words(await ask(never))).toEqual({ udp: 'credentials_refused', tcp: 'credentials_refused' });
  });
});

/** The result of each round of full proofs over TCP, with the verdict on each key. */
async function trialsOf(keys: [typeof north, ...(typeof north)[]], rounds: number, port = coturn.port) {
  const ask = probe({ port, ports: { tcp: port }, proofIntervalMs: 0 }, keys);
  const heard: string[][] = [];
  for (let count = 0; count < rounds; count += 1) {
    const round = await ask(never);
    heard.push([words(round)['tcp'] ?? '', ...keysHeard(round)]);
  }
  return heard;
}

describe('a server that answers no Binding without credentials', () => {
  test.each([
    ['secure-stun', 'refused', ['relay', 'binding', 'binding', 'relay']],
    ['no-stun', 'silent', ['relay', 'relay', 'relay', 'relay']],
  ])('is proven with %s in each round, and each result says %s', async (setting, binding, depths) => {
    await using strict = await startCoturn({ secrets: [north.secret], config: [setting] });
    const clock = createManualClock();
    const ask = probe({ port: strict.port, monotonicMs: clock.now });
    const found: unknown[] = [];
    for (const afterMs of [0, 5_000, 4_999, 1]) {
      clock.advance(afterMs);
      const { results } = await ask(never);
      found.push(...[...results.values()].map((result) => result.ok && [result.depth, result.binding]));
    }
    expect(found).toEqual(
      depths.flatMap((depth) => [
        [depth, binding],
        [depth, binding],
      ]),
    );
  });
});

describe('with several keys', () => {
  test('replaces a refused key by an older one in the same round', async () => {
    expect(await trialsOf([south, north], 2)).toEqual([
      ['relay', 'south false', 'north true'],
      ['relay', 'north true', 'south false'],
    ]);
  });

  test('tries one other key per round, in rotation', async () => {
    expect(await trialsOf([north, south, east], 3)).toEqual([
      ['relay', 'north true', 'south false'],
      ['relay', 'north true', 'east false'],
      ['relay', 'north true', 'south false'],
    ]);
  });

  test('finds all accepted keys, and signs with the newest of them', async () => {
    await using turn = await startCoturn({ secrets: [north.secret, south.secret] });
    expect(await trialsOf([south, east, north], 2, turn.port)).toEqual([
      ['relay', 'south true', 'east false'],
      ['relay', 'south true', 'north true'],
    ]);
  });

  test('finds no key if the server accepts no key', async () => {
    expect(await trialsOf([south, east], 1)).toEqual([['credentials_refused', 'south false', 'east false']]);
  });
});
