import { describe, expect, test } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { createProgress } from './create-progress.ts';

const plan = { label: 'base', strategies: ['turn-router', 'cliff'], seeds: [1, 2] } as const;

/** What is written while runs take 2 s for each tenth of theirs. */
function written(isQuiet: boolean): string {
  const stderr = new PassThrough();
  let nowMs = 0;
  using progress = createProgress({ stderr, nowMs: () => nowMs }, { ...plan, isQuiet });
  for (let tenth = 1; tenth <= 10; tenth += 1) {
    nowMs += 2_000;
    progress.show({ strategy: 'cliff', seed: 1, doneSeconds: tenth * 10, durationSeconds: 100 });
  }
  return String(stderr.read() ?? '');
}

describe('progress where there is no terminal', () => {
  test('is a line after every 5 s', () => {
    expect(written(false)).toBe('base: 57 % (cliff, seed 1)\nbase: 65 % (cliff, seed 1)\nbase: 72 % (cliff, seed 1)\n');
  });

  test('is nothing when nobody wants it', () => {
    expect(written(true)).toBe('');
  });
});
