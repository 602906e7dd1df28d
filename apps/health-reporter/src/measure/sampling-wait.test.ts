import { describe, expect, test } from '@jest/globals';
import { createManualClock } from '@turn-router/testing';
import { createSamplingWait } from './sampling-wait.ts';

/** Waits on a clock that advances while waiting, at most once `wakesEarlyMs` too little; returns the times of the samples. */
async function samplesDuring(ms: number, { stopAtMs = Infinity, sampleTakesMs = 0, wakesEarlyMs = 0 } = {}) {
  const clock = createManualClock();
  const stop = new AbortController();
  const sampledAtMs: number[] = [];
  let earlyMs = wakesEarlyMs;
  const wait = createSamplingWait({
    async wait(pauseMs) {
      clock.advance(Math.max(0, pauseMs - earlyMs));
      earlyMs = 0;
      if (clock.now() >= stopAtMs) stop.abort();
    },
    async sample() {
      sampledAtMs.push(clock.now());
      clock.advance(sampleTakesMs);
    },
    everyMs: 1_000,
    monotonicMs: clock.now,
  });
  await wait(ms, stop.signal);
  return { sampledAtMs, endedAtMs: clock.now() };
}

describe('a wait that samples', () => {
  test.each([
    ['a time in the past ends at once', -5, [], 0],
    ['no time', 0, [], 0],
    ['shorter than the time between samples', 999, [], 999],
    ['exactly as long: takes no sample at the end', 1_000, [], 1_000],
    ['a little longer', 1_001, [1_000], 1_001],
    ['several times as long', 3_500, [1_000, 2_000, 3_000], 3_500],
  ])('%s', async (_what, ms, sampledAtMs, endedAtMs) => {
    expect(await samplesDuring(ms)).toEqual({ sampledAtMs, endedAtMs });
  });

  test('does not last longer because of its samples', async () => {
    const { sampledAtMs, endedAtMs } = await samplesDuring(3_500, { sampleTakesMs: 200 });
    expect(sampledAtMs).toEqual([1_000, 2_200, 3_400]);
    expect(endedAtMs).toBe(3_600);
  });

  test('ends with the signal, without another sample', async () => {
    expect(await samplesDuring(3_500, { stopAtMs: 2_000 })).toEqual({ sampledAtMs: [1_000], endedAtMs: 2_000 });
  });

  test('does not end early if a timer fires early', async () => {
    expect((await samplesDuring(500, { wakesEarlyMs: 1 })).endedAtMs).toBe(500);
  });
});
