import { RegistryError } from '@turn-router/registry';
import { expect, test } from '@jest/globals';
import { createManualClock } from '@turn-router/testing';
import { pino } from 'pino';
import { createClockWatch } from './clock-watch.ts';

/** A watch that compares every 60 s; the other clock is behind by `behindMs`, and its response takes `roundTripMs`. */
function startWatch() {
  const clock = createManualClock(1_000_000);
  const log: string[] = [];
  const logger = pino({ base: null, timestamp: false }, { write: (line) => log.push(line.trim()) });
  const other = { steppedMs: 0, behindMs: 0, roundTripMs: 0, asked: 0, fault: undefined as RegistryError | undefined };
  async function readClock(): Promise<number> {
    other.asked += 1;
    clock.advance(other.roundTripMs / 2);
    const nowMs = clock.now() - other.behindMs;
    clock.advance(other.roundTripMs / 2);
    if (other.fault !== undefined) throw other.fault;
    return nowMs;
  }
  const watch = createClockWatch({
    registry: { readClock },
    clock: { nowMs: () => clock.now() + other.steppedMs, monotonicMs: clock.now },
    everyMs: 60_000,
    logger,
  });
  return { watch, clock, other, log };
}

test.each([
  [0, 0],
  [1_500, 0],
  [-1_500, 200],
  [250, 2_000],
])('measures a clock that is ahead by %i ms over a round trip of %i ms', async (behindMs, roundTripMs) => {
  const { watch, other, log } = startWatch();
  expect(watch.offsetMs()).toBeUndefined();
  Object.assign(other, { behindMs, roundTripMs });
  await watch.compareIfDue();
  expect(watch.offsetMs()).toBeCloseTo(behindMs);
  expect(log).toEqual([]);
});

test('compares the clocks once per interval, and not at every call', async () => {
  const { watch, clock, other } = startWatch();
  for (const advanceMs of [0, 5_000, 54_999, 1, 5_000]) {
    clock.advance(advanceMs);
    await watch.compareIfDue();
  }
  expect(other.asked).toBe(2);
});

test.each([-3_600_000, -1_000, 1_000, 660_000])(
  'compares at once after this machine’s clock was set by %i ms',
  async (stepMs) => {
    const { watch, clock, other } = startWatch();
    await watch.compareIfDue();
    clock.advance(5_000);
    other.steppedMs = stepMs;
    await watch.compareIfDue();
    await watch.compareIfDue();
    expect([watch.offsetMs(), other.asked]).toEqual([stepMs, 2]);
  },
);

test('compares again at the next report if the registry was unreachable', async () => {
  const { watch, other } = startWatch();
  other.fault = new RegistryError('unavailable', 'Redis is not available: ECONNREFUSED');
  await watch.compareIfDue();
  other.fault = undefined;
  await watch.compareIfDue();
  expect([watch.offsetMs(), other.asked]).toEqual([0, 2]);
});

test('logs a wrong clock once with its figure, and when it is better', async () => {
  const { watch, clock, other, log } = startWatch();
  for (const behindMs of [59_999, 60_000, 660_000, -660_000, 20_000, 0]) {
    other.behindMs = behindMs;
    await watch.compareIfDue();
    clock.advance(60_000);
  }
  expect(
    log.map((line) => JSON.parse(line)).map(({ level, event, offsetSeconds }) => [level, event, offsetSeconds]),
  ).toEqual([
    [40, 'clock.offset_large', 60],
    [50, 'clock.wrong', 60],
    [40, 'clock.offset_large', 20],
    [30, 'clock.offset_normal', 0],
  ]);
});

test('logs a large offset once, and its end once', async () => {
  const { watch, clock, other, log } = startWatch();
  for (const behindMs of [9_999, 12_345, -20_000, 0, 1]) {
    other.behindMs = behindMs;
    await watch.compareIfDue();
    clock.advance(60_000);
  }
  expect(log).toEqual([
    `{"level":40,"event":"clock.offset_large","offsetSeconds":12.3,"msg":"the node's clock differs from the registry's clock by 10 s or more"}`,
    `{"level":30,"event":"clock.offset_normal","offsetSeconds":0,"msg":"the node's clock differs from the registry's clock by less than 10 s again"}`,
  ]);
});

test('logs once that the registry refuses to return its time, and keeps the last offset', async () => {
  const { watch, clock, other, log } = startWatch();
  other.behindMs = 700;
  await watch.compareIfDue();
  for (const code of ['unavailable', 'refused', 'refused'] as const) {
    other.fault = new RegistryError(code, `Redis: ${code}`);
    clock.advance(60_000);
    await watch.compareIfDue();
  }
  expect(watch.offsetMs()).toBe(700);
  expect(log).toEqual([
    `{"level":30,"event":"clock.offset_unknown","reason":"Redis: refused","msg":"cannot read the registry's clock: reports omit clock_offset_ms"}`,
  ]);
});

test('throws any other fault of the clock', async () => {
  const { watch, other } = startWatch();
  Object.defineProperty(other, 'fault', { value: new TypeError('a mistake') });
  await expect(watch.compareIfDue()).rejects.toThrow('a mistake');
});
