import { describe, expect, test } from '@jest/globals';
import { summarize, type LoadAnswer } from './load-summary.ts';

const answer = (latencyMs: number, status = 200, code?: string): LoadAnswer => ({
  dueAtMs: 0,
  endedAtMs: latencyMs,
  latencyMs,
  redials: 0,
  status,
  ...(code === undefined ? {} : { code }),
});

describe('summarize', () => {
  test('counts calls by status and by code, and counts every status except 200 as a failure', () => {
    const summary = summarize([
      answer(1),
      answer(2),
      answer(3, 503, 'no_relay_available'),
      answer(4, 429),
      answer(5, 0, 'ECONNRESET'),
    ]);
    expect(summary).toMatchObject({
      calls: 5,
      failures: 3,
      byStatus: { 0: 1, 200: 2, 429: 1, 503: 1 },
      byCode: { no_relay_available: 1, ECONNRESET: 1 },
    });
  });

  test('returns nearest-rank percentiles for answers in any order', () => {
    const answers = Array.from({ length: 200 }, (_, index) => answer(200 - index));
    expect(summarize(answers)).toMatchObject({ p50Ms: 100, p99Ms: 198, maxMs: 200 });
    expect(summarize([answer(7)])).toMatchObject({ p50Ms: 7, p99Ms: 7, maxMs: 7 });
  });

  test('returns zeros when there are no answers', () => {
    expect(summarize([])).toEqual({
      calls: 0,
      byStatus: {},
      byCode: {},
      failures: 0,
      redials: 0,
      p50Ms: 0,
      p99Ms: 0,
      maxMs: 0,
    });
  });
});
