import { RegistryError } from '@turn-router/registry';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { byForm, seededRandom } from '@turn-router/testing';
import { startDelayMs } from './report-loop.ts';
import { runScriptedReporter } from './scripted-reporter.fixture.ts';
import { createVirtualTime } from '../system/virtual-time.fixture.ts';

const reporterCount = 200;
const intervalMs = 5_000;
/**
 * Jitter and the start's delay spread the writes over a fifth of the interval. A window of 100 ms holds a tenth of all writes, by chance up
 * to a quarter.
 */
const maxWritesPerWindow = reporterCount / 4;
const windowMs = 100;

const nothing = () => Promise.resolve();

type Written = { readonly id: string; readonly atMs: number };

/** Starts all reporters at 0, with a Redis that fails at one moment and that clients reach again within 1.5 s of its return. */
async function run(seed: number, endMs: number, { lostAtMs = Infinity, backAtMs = Infinity } = {}) {
  const time = createVirtualTime();
  const random = seededRandom(seed);
  const never = new AbortController().signal;
  const written: Written[] = [];
  const start = async (id: string) => {
    const reachableAtMs = backAtMs + 1_500 * random();
    await time.wait(startDelayMs(intervalMs, random()), never);
    const put = () => {
      const atMs = time.nowMs();
      if (atMs >= lostAtMs && atMs < reachableAtMs) return Promise.reject(new RegistryError('unavailable', 'gone'));
      written.push({ id, atMs });
      return Promise.resolve();
    };
    const parts = {
      publisher: { put, remove: nothing, [Symbol.asyncDispose]: nothing },
      clock: { nowMs: time.nowMs, monotonicMs: time.nowMs },
      random,
      wait: time.wait,
    };
    await runScriptedReporter(id, parts, never);
  };
  for (let index = 1; index <= reporterCount; index += 1) void start(`node-${index}`);
  await time.runUntil(endMs);
  return written;
}

/** The largest number of writes in any window that starts at a write. */
function busiest(written: readonly Written[]): number {
  return Math.max(
    ...written.map(({ atMs }) => written.filter((other) => other.atMs >= atMs && other.atMs < atMs + windowMs).length),
  );
}

/** The reporters that have written since then, with the time of their first write. */
function firstsSince(written: readonly Written[], fromMs: number): Map<string, number> {
  const firsts = new Map<string, number>();
  for (const { id, atMs } of written) if (atMs >= fromMs && !firsts.has(id)) firsts.set(id, atMs - fromMs);
  return firsts;
}

/** The longest gap between two reports of one reporter, ms. */
function longestSilence(written: readonly Written[]): number {
  const last = new Map<string, number>();
  let longest = 0;
  for (const { id, atMs } of written) {
    longest = Math.max(longest, atMs - (last.get(id) ?? atMs));
    last.set(id, atMs);
  }
  return longest;
}

describe.each(byForm({ short: [1], full: [1, 2, 3, 4, 5] }))(
  `${reporterCount} reporters that start in one moment, by chance %i`,
  (seed) => {
    let started: Written[];
    beforeAll(async () => {
      started = await run(seed, 60_000);
    });

    test('are all listed within an interval and a second, and no gap exceeds the interval and the jitter', () => {
      const firsts = firstsSince(started, 0);
      expect(firsts.size).toBe(reporterCount);
      expect(Math.max(...firsts.values())).toBeLessThanOrEqual(intervalMs + 1_000);
      expect(longestSilence(started)).toBeLessThanOrEqual(1.1 * intervalMs);
      expect(started.length).toBeGreaterThan(11 * reporterCount);
    });

    test('never write in a burst', () => {
      expect(busiest(started)).toBeLessThanOrEqual(maxWritesPerWindow);
    });

    test.each([
      ['after a moment', 9_900, 10_000],
      ['after a long time', 10_000, 100_000],
    ])(
      'are all listed again within an interval and a second after an emptied Redis returns %s, without a burst',
      async (_how, lostAtMs, backAtMs) => {
        const written = await run(seed, backAtMs + 10_000, { lostAtMs, backAtMs });
        const back = firstsSince(written, backAtMs);
        expect(back.size).toBe(reporterCount);
        expect(Math.max(...back.values())).toBeLessThanOrEqual(intervalMs + 1_000);
        expect(busiest(written.filter(({ atMs }) => atMs >= backAtMs))).toBeLessThanOrEqual(maxWritesPerWindow);
      },
    );
  },
);
