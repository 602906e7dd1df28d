import { expect, test } from '@jest/globals';
import { summarize, type LoadSummary } from '@turn-router/testing';
import { judgeFuzz, type FuzzFindings } from './judge-fuzz.ts';

const politeAt = (latencyMs: number): LoadSummary =>
  summarize([{ dueAtMs: 0, endedAtMs: latencyMs, latencyMs, redials: 0, status: 200 }]);

const good: FuzzFindings = {
  faults: [],
  polite: { 'quiet before': politeAt(2), 'warm-up': politeAt(50), fuzz: politeAt(4), 'quiet after': politeAt(1) },
  politeFailures: 0,
  residentMib: { warm: 100, end: 120 },
  samples: [
    { phase: 'quiet before', descriptors: 25 },
    { phase: 'warm-up', descriptors: 300 },
    { phase: 'fuzz', descriptors: 300 },
    { phase: 'quiet after', descriptors: 90 },
    { phase: 'quiet after', descriptors: 27 },
  ],
  slowClients: [{ manner: 'idle', closedAfterMs: 5_000 }],
  errorLines: [],
  exitCode: undefined,
};

test('judgeFuzz finds no fault when every figure is exactly at its bound', () => {
  expect(judgeFuzz(good, true)).toEqual({
    p99Ratio: 2,
    memoryGrowthMib: 20,
    descriptors: { before: 25, after: 27 },
    faults: [],
  });
});

test.each<[findings: Partial<FuzzFindings>, faults: string[]]>([
  [{ faults: ['seed 1: status 500'] }, ['seed 1: status 500']],
  [{ exitCode: 1 }, ['the router ended early with exit code 1']],
  [{ exitCode: null }, ['a signal ended the router early']],
  [{ errorLines: ['{"level":50}'] }, ['the router logged an error: {"level":50}']],
  [
    {
      slowClients: [
        { manner: 'slow head', closedAfterMs: undefined },
        { manner: 'slow head', closedAfterMs: undefined },
      ],
    },
    ['slow head: connections are still open after 8000 ms'],
  ],
  [{ politeFailures: 1 }, ['1 calls of the polite caller failed']],
  [
    { samples: [...good.samples.slice(0, -1), { phase: 'quiet after', descriptors: 28 }] },
    ['open descriptors grew from 25 to 28'],
  ],
  [{ samples: good.samples.slice(0, 3) }, []],
])('judgeFuzz judges %j on any machine', (findings, faults) => {
  expect(judgeFuzz({ ...good, ...findings }, false).faults).toEqual(faults);
});

test.each<[findings: Partial<FuzzFindings>, faults: string[]]>([
  [
    { polite: { ...good.polite, fuzz: politeAt(4.1) } },
    ["the polite caller's p99 is 2.05 times its p99 in the quiet phases"],
  ],
  [{ residentMib: { warm: 100, end: 121 } }, ['resident memory grew by 21.0 MiB']],
])('judgeFuzz judges %j only if figures count', (findings, faults) => {
  expect(judgeFuzz({ ...good, ...findings }, true).faults).toEqual(faults);
  expect(judgeFuzz({ ...good, ...findings }, false).faults).toEqual([]);
});
