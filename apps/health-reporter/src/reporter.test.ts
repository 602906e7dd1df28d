import type { NodeReport, Transport } from '@turn-router/contract';
import { RegistryError } from '@turn-router/registry';
import { describe, expect, test } from '@jest/globals';
import { createManualClock } from '@turn-router/testing';
import { pino } from 'pino';
import { roundFromText } from './probe/probe-round.fixture.ts';
import { runReporter, type ReporterOptions } from './reporter.ts';

/** What the next probe shows (`udp+ tcp-`), how long it takes, and whether the operator stops the reporter meanwhile. */
type Step = { probe: string; takesMs?: number; stop?: true };

/** Runs a reporter on a clock that waiting moves; after the last step the operator stops it. Tells what happened, by the clock. */
async function run(steps: Step[], options: Partial<ReporterOptions> & { hurryAtMs?: number } = {}) {
  const clock = createManualClock();
  const stop = new AbortController();
  const hurry = new AbortController();
  const events: string[] = [];
  const reports: NodeReport[] = [];
  const say = (what: string) => events.push(`${Math.round(clock.now())} ${what}`);
  const remaining = [...steps];
  const log: string[] = [];
  await runReporter(
    {
      key: { region: 'eu', id: 'n1' },
      identity: { public_ip: '192.0.2.50', port: 3478 },
      thresholds: { success: 1, failure: 2 },
      intervalMs: 5_000,
      ttlMs: 15_000,
      drainMs: 2_000,
      bootId: 'boot-1',
      meter: {
        measure: () => Promise.resolve({ cpuPercent: 1, bandwidthMbps: 2, allocations: { live: 3, started: 4 } }),
        noticeAllocations: () => Promise.resolve(),
      },
      publisher: {
        put(_key, report, ttlMs) {
          reports.push(report);
          say(`put ${report.status} ${report.transports?.join(',') ?? '-'} #${report.seq} ${ttlMs}`);
          return Promise.resolve();
        },
        remove() {
          say('remove');
          return Promise.resolve();
        },
        [Symbol.asyncDispose]: () => Promise.resolve(),
      },
      probe() {
        const { probe, takesMs = 0, stop: stops } = remaining.shift() ?? { probe: '' };
        clock.advance(takesMs);
        if (stops) stop.abort();
        const ports = probe.includes('+') ? [50_000] : [];
        return Promise.resolve({ ...roundFromText(probe), relayPorts: new Set(ports) });
      },
      clock: { nowMs: clock.now, monotonicMs: clock.now },
      random: () => 0.5,
      wait(ms, signal) {
        if (!signal.aborted) clock.advance(Math.max(0, ms));
        if (remaining.length === 0) stop.abort();
        if (clock.now() >= (options.hurryAtMs ?? Infinity)) hurry.abort();
        return Promise.resolve();
      },
      logger: pino({ base: null, timestamp: false }, { write: (line) => log.push(line.trim()) }),
      ...options,
    },
    stop.signal,
    hurry.signal,
  );
  return { events, reports, log };
}

const good = { probe: 'udp+ tcp+' };
const bad = { probe: 'udp- tcp-' };

/** The line of the log about a change. */
const change = (from: string, to: string, transports: Transport[], reason: string, text: string) =>
  JSON.stringify({ level: to === 'healthy' ? 30 : 40, from, to, transports, reason, text, msg: `the node is ${to}` });

describe('a reporter', () => {
  test('first reports after its first probe, then once every interval, and takes its record away after draining', async () => {
    const { events } = await run([good, good, good]);
    expect(events).toEqual([
      '250 put healthy udp,tcp #1 15000',
      '5250 put healthy udp,tcp #2 15000',
      '10250 put healthy udp,tcp #3 15000',
      '15250 put draining udp,tcp #4 15000',
      '17250 remove',
    ]);
  });

  test.each([
    [0, 4_750],
    [0.5, 5_250],
    [1, 5_750],
  ])('spreads its reports by a tenth of the interval: at chance %d the second comes at %i ms', async (chance, atMs) => {
    const { events } = await run([good, good], { random: () => chance });
    expect(events[1]).toBe(`${atMs} put healthy udp,tcp #2 15000`);
  });

  test('keeps its rhythm when a probe takes long', async () => {
    const { events } = await run([good, { probe: 'udp+ tcp-', takesMs: 2_000 }, good]);
    expect(events.slice(0, 3)).toEqual([
      '250 put healthy udp,tcp #1 15000',
      '7250 put healthy udp,tcp #2 15000',
      '10250 put healthy udp,tcp #3 15000',
    ]);
  });

  test('reports each change in the tick of the probe that showed it, and logs it once with its reason', async () => {
    const { events, log } = await run([bad, good, bad, bad, bad, good, { probe: 'udp+ tcp-' }, { probe: 'udp+ tcp-' }]);
    expect(events.slice(0, 8).map((event) => event.split(' ').slice(2, 4).join(' '))).toEqual([
      'unhealthy -',
      'healthy udp,tcp',
      'healthy udp,tcp',
      'unhealthy -',
      'unhealthy -',
      'healthy udp,tcp',
      'healthy udp,tcp',
      'healthy udp',
    ]);
    expect(log).toEqual([
      change('starting', 'healthy', ['udp', 'tcp'], 'proven', 'the probes succeed'),
      change('healthy', 'unhealthy', [], 'timeout', 'udp: no answer; tcp: no answer'),
      change('unhealthy', 'healthy', ['udp', 'tcp'], 'proven', 'the probes succeed'),
      change('healthy', 'healthy', ['udp'], 'some_probes_fail', 'tcp: no answer'),
      '{"level":30,"drainSeconds":2,"msg":"the node is draining"}',
      '{"level":30,"msg":"the record is removed"}',
    ]);
  });

  test('stopped in the middle of a probe, it drains at once and what the probe showed counts for nothing', async () => {
    const { events, reports } = await run([good, { ...bad, takesMs: 700, stop: true }]);
    expect(events).toEqual(['250 put healthy udp,tcp #1 15000', '5950 put draining udp,tcp #2 15000', '7950 remove']);
    expect(reports[1]?.probe).toMatchObject({
      state: 'draining',
      reason: 'stopping',
      udp: { ok: true },
      tcp: { ok: true },
    });
  });

  test('repeats that it is draining, so that the record outlives a long drain', async () => {
    const { events } = await run([good], { drainMs: 12_000 });
    expect(events.slice(1)).toEqual([
      '5250 put draining udp,tcp #2 15000',
      '10250 put draining udp,tcp #3 15000',
      '15250 put draining udp,tcp #4 15000',
      '17250 remove',
    ]);
  });

  test('a drain of no length is still said before the record goes', async () => {
    const { events } = await run([good], { drainMs: 0 });
    expect(events.slice(1)).toEqual(['5250 put draining udp,tcp #2 15000', '5250 remove']);
  });

  test('a second signal ends the drain', async () => {
    const { events } = await run([good], { drainMs: 3_600_000, hurryAtMs: 11_000 });
    expect(events.slice(-2)).toEqual(['10250 put draining udp,tcp #3 15000', '15250 remove']);
  });

  test('goes on when the registry is away, and says so once', async () => {
    let puts = 0;
    const { log } = await run([good, good, good, good], {
      publisher: {
        put: () => {
          puts += 1;
          return puts === 2 || puts === 3
            ? Promise.reject(new RegistryError('unavailable', 'Redis is not available: ECONNREFUSED'))
            : Promise.resolve();
        },
        remove: () => Promise.resolve(),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      },
    });
    expect(puts).toBe(5);
    expect(log.slice(1, -2)).toEqual([
      '{"level":40,"code":"unavailable","reason":"Redis is not available: ECONNREFUSED","msg":"the registry takes no reports"}',
      '{"level":30,"msg":"the registry takes reports again"}',
    ]);
  });

  test('after each probe names the ports that this was given, and before it measures', async () => {
    const calls: string[] = [];
    await run([{ probe: 'udp+ tcp-' }, bad], {
      meter: {
        measure() {
          calls.push('measure');
          return Promise.resolve({ cpuPercent: 1, bandwidthMbps: 2, allocations: undefined });
        },
        noticeAllocations(probedPorts = new Set()) {
          calls.push(`notice ${[...probedPorts].join(',')}`);
          return Promise.resolve();
        },
      },
    });
    expect(calls).toEqual(['measure', 'measure', 'notice 50000', 'measure', 'notice ', 'measure']);
  });

  test("says how far the node's clock is ahead, compared after each report that went through", async () => {
    const offsetsMs = [12, 13, 14];
    let offsetMs: number | undefined;
    const { reports } = await run([good, good], {
      clockWatch: {
        offsetMs: () => offsetMs,
        look() {
          offsetMs = offsetsMs.shift();
          return Promise.resolve();
        },
      },
    });
    expect(reports.map((report) => report.clock_offset_ms)).toEqual([undefined, 12, 13]);
  });

  test('never has two publications under way, even when one takes longer than an interval', async () => {
    const clock = createManualClock();
    let underWay = 0;
    let most = 0;
    await run([good, good, good, good], {
      clock: { nowMs: clock.now, monotonicMs: clock.now },
      publisher: {
        async put() {
          underWay += 1;
          most = Math.max(most, underWay);
          clock.advance(7_000);
          await new Promise(setImmediate);
          underWay -= 1;
        },
        remove: () => Promise.resolve(),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      },
    });
    expect(most).toBe(1);
  });
});
