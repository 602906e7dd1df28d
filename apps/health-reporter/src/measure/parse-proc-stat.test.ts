import { describe, expect, test } from '@jest/globals';
import { parseProcStat } from './parse-proc-stat.ts';

describe('/proc/stat', () => {
  test('counts everything but idle and waiting as used, guests once, over all CPUs', () => {
    const text = [
      'cpu  1000 100 500 8000 200 50 30 120 40 5',
      'cpu0 500 50 250 4000 100 25 15 60 20 5',
      'cpu1 500 50 250 4000 100 25 15 60 20 0',
      'intr 322537 0 0',
      'ctxt 659141',
    ].join('\n');
    expect(parseProcStat(text)).toEqual({ usedSeconds: 18, elapsedSeconds: 50, cpus: 2 });
  });

  test.each([
    ['an empty text', ''],
    ['no total', 'cpu0 1 2 3 4\n'],
    ['no CPU', 'cpu  1 2 3 4\n'],
    ['words for numbers', 'cpu  a b c d\ncpu0 a b c d\n'],
    ['too few columns', 'cpu  1 2\ncpu0 1 2\n'],
  ])('says nothing for %s', (_what, text) => {
    expect(parseProcStat(text)).toBeUndefined();
  });
});
