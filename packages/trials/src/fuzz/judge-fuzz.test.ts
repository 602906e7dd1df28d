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

test('a router that nobody notices is under fire is in order, at its bounds', () => {
  expect(judgeFuzz(good, true)).toEqual({
    p99Ratio: 2,
    memoryGrowthMib: 20,
    descriptors: { before: 25, after: 27 },
    faults: [],
  });
});

test.each<[findings: Partial<FuzzFindings>, faults: string[]]>([
  [{ faults: ['seed 1: status 500'] }, ['seed 1: status 500']],
  [{ exitCode: 1 }, ['the router has ended: 1']],
  [{ exitCode: null }, ['the router has ended: null']],
  [{ errorLines: ['{"level":50}'] }, ['in the log: {"level":50}']],
  [
    {
      slowClients: [
        { manner: 'slow head', closedAfterMs: undefined },
        { manner: 'slow head', closedAfterMs: undefined },
      ],
    },
    ['slow head: connections that are open after 8000 ms'],
  ],
  [{ politeFailures: 1 }, ['1 calls of the polite caller failed']],
  [{ samples: [...good.samples.slice(0, -1), { phase: 'quiet after', descriptors: 28 }] }, ['descriptors: 25 → 28']],
  [{ samples: good.samples.slice(0, 3) }, []],
])('what is told of it whatever the machine: %j', (findings, faults) => {
  expect(judgeFuzz({ ...good, ...findings }, false).faults).toEqual(faults);
});

test.each<[findings: Partial<FuzzFindings>, faults: string[]]>([
  [{ polite: { ...good.polite, fuzz: politeAt(4.1) } }, ['p99 of the polite caller: × 2.05']],
  [{ residentMib: { warm: 100, end: 121 } }, ['memory: + 21.0 MiB']],
])('what is told of it by a quiet machine alone: %j', (findings, faults) => {
  expect(judgeFuzz({ ...good, ...findings }, true).faults).toEqual(faults);
  expect(judgeFuzz({ ...good, ...findings }, false).faults).toEqual([]);
});
