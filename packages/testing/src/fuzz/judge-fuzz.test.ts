import { expect, test } from '@jest/globals';
import { summarize, type LoadSummary } from '../load-summary.ts';
import { judgeFuzz, type FuzzFindings, type FuzzSample } from './judge-fuzz.ts';

const politeAt = (latencyMs: number, status = 200): LoadSummary =>
  summarize([{ dueAtMs: 0, endedAtMs: latencyMs, latencyMs, redials: 0, status }]);

const sampled = (phase: FuzzSample['phase'], residentMib: readonly number[], descriptors: number): FuzzSample[] =>
  residentMib.map((each) => ({ phase, residentMib: each, descriptors }));

const good: FuzzFindings = {
  faults: [],
  polite: { 'quiet before': politeAt(2), 'warm-up': politeAt(50), fuzz: politeAt(4), 'quiet after': politeAt(1) },
  samples: [
    ...sampled('quiet before', [80], 25),
    ...sampled('warm-up', [95], 300),
    ...sampled('fuzz', [100, 130, 130, 120], 300),
    ...sampled('quiet after', [110], 27),
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
  [{ polite: { ...good.polite, 'warm-up': politeAt(1, 503) } }, ['1 calls of the polite caller failed']],
  [{ samples: [...good.samples.slice(0, -1), ...sampled('quiet after', [110], 28)] }, ['descriptors: 25 → 28']],
])('what is told of it whatever the machine: %j', (findings, faults) => {
  expect(judgeFuzz({ ...good, ...findings }, false).faults).toEqual(faults);
});

test.each<[findings: Partial<FuzzFindings>, faults: string[]]>([
  [{ polite: { ...good.polite, fuzz: politeAt(4.1) } }, ['p99 of the polite caller: × 2.05']],
  [
    {
      samples: [
        ...sampled('quiet before', [80], 25),
        ...sampled('fuzz', [100, 0, 0, 121], 30),
        ...sampled('quiet after', [1], 25),
      ],
    },
    ['memory: + 21.0 MiB'],
  ],
])('what is told of it by a quiet machine alone: %j', (findings, faults) => {
  expect(judgeFuzz({ ...good, ...findings }, true).faults).toEqual(faults);
  expect(judgeFuzz({ ...good, ...findings }, false).faults).toEqual([]);
});
