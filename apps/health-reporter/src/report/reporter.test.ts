import type { Transport } from '@turn-router/contract/http';
import { describe, expect, test } from '@jest/globals';
import { bad, good, runLife, someLoad, type Step } from './reporter-life.fixture.ts';
import type { ReporterOptions } from './reporter.ts';

const run = (steps: readonly Step[], options: Partial<ReporterOptions> = {}) => runLife({ steps, options });

/** The log line about a change. */
const change = (from: string, to: string, transports: Transport[], reason: string, text: string) =>
  JSON.stringify({
    level: to === 'healthy' ? 30 : 40,
    event: 'node.health_changed',
    from,
    to,
    transports,
    reason,
    text,
    msg: `the node is ${to}`,
  });

describe('a reporter', () => {
  test('first reports after its first probe, then once every interval, and removes its record after draining', async () => {
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
  ])(
    'spreads its reports by a tenth of the interval: with random number %d the second comes at %i ms',
    async (chance, atMs) => {
      const { events } = await run([good, good], { random: () => chance });
      expect(events[1]).toBe(`${atMs} put healthy udp,tcp #2 15000`);
    },
  );

  test('keeps its interval when a probe takes long', async () => {
    const { events } = await run([good, { probe: 'udp+ tcp-', takesMs: 2_000 }, good]);
    expect(events.slice(0, 3)).toEqual([
      '250 put healthy udp,tcp #1 15000',
      '7250 put healthy udp,tcp #2 15000',
      '10250 put healthy udp,tcp #3 15000',
    ]);
  });

  test('reports each change in the round of the probe that found it, and logs it once with its reason', async () => {
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
      change('starting', 'healthy', ['udp', 'tcp'], 'proven', 'the probes pass'),
      change('healthy', 'unhealthy', [], 'timeout', 'udp: no answer; tcp: no answer'),
      change('unhealthy', 'healthy', ['udp', 'tcp'], 'proven', 'the probes pass'),
      change('healthy', 'healthy', ['udp'], 'some_probes_fail', 'tcp: no answer'),
      '{"level":30,"event":"drain.started","reason":"stopping","allocations":0,"deadlineSeconds":8,"msg":"the node is draining"}',
      '{"level":30,"event":"drain.ended","end":"empty","seconds":2,"allocations":0,"msg":"the drain is over: no allocation is left"}',
      '{"level":30,"event":"node.record_removed","msg":"the record is removed from the registry"}',
    ]);
  });

  test('drains at once when stopped during a probe, and ignores the result of that probe', async () => {
    const { events, reports } = await run([good, { ...bad, takesMs: 700, stop: true }]);
    expect(events).toEqual(['250 put healthy udp,tcp #1 15000', '5950 put draining udp,tcp #2 15000', '7950 remove']);
    expect(reports[1]?.probe).toMatchObject({
      state: 'draining',
      reason: 'stopping',
      udp: { ok: true },
      tcp: { ok: true },
    });
  });

  test('retries a rejected report once a second until the next is due, and logs that once', async () => {
    const { events, log } = await runLife({ steps: [good, good, good, good], awayFromTo: [5_000, 12_000] });
    expect(events.slice(0, 10)).toEqual([
      '250 put healthy udp,tcp #1 15000',
      '5250 refused #2',
      '6250 refused #3',
      '7250 refused #4',
      '8250 refused #5',
      '9250 refused #6',
      '10250 refused #7',
      '11250 refused #8',
      '12250 put healthy udp,tcp #9 15000',
      '15250 put healthy udp,tcp #10 15000',
    ]);
    expect(log.slice(1, -3)).toEqual([
      '{"level":40,"event":"registry.unreachable","code":"unavailable","reason":"Redis is not available: ECONNREFUSED","msg":"the registry is unreachable: retrying the report"}',
      '{"level":30,"event":"registry.recovered","msg":"the registry accepts reports again"}',
    ]);
  });

  test('passes the relay ports of each probe to the meter before it measures', async () => {
    const calls: string[] = [];
    await run([{ probe: 'udp+ tcp-' }, bad], {
      meter: {
        measure() {
          calls.push('measure');
          return Promise.resolve(someLoad);
        },
        sample(probedPorts = new Set()) {
          calls.push(`sample ${[...probedPorts].join(',')}`);
          return Promise.resolve();
        },
      },
    });
    expect(calls.slice(0, 5)).toEqual(['measure', 'measure', 'sample 50000', 'measure', 'sample ']);
  });

  test("reports how far the node's clock is ahead, compared before each report", async () => {
    const offsetsMs = [12, 13, 14];
    let offsetMs: number | undefined;
    const { reports } = await run([good, good], {
      clockWatch: {
        offsetMs: () => offsetMs,
        compareIfDue() {
          offsetMs = offsetsMs.shift();
          return Promise.resolve();
        },
      },
    });
    expect(reports.map((report) => report.clock_offset_ms)).toEqual([12, 13, 14]);
  });

  test('never runs two publications at once, even if one takes longer than an interval', async () => {
    let underWay = 0;
    let most = 0;
    const { reports } = await runLife({
      steps: [good, good, good, good],
      putTakesMs: 7_000,
      async whilePutting() {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise(setImmediate);
        underWay -= 1;
      },
    });
    expect(reports.length).toBeGreaterThan(4);
    expect(most).toBe(1);
  });
});
