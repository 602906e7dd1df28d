import { describe, expect, test } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { createProgress } from './create-progress.ts';

const plan = { label: 'base', strategies: ['turn-router', 'cliff'], seeds: [1, 2] } as const;

/** Returns the output while each tenth of a run takes 2 s. */
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

describe('progress without a terminal', () => {
  test('writes a line every 5 s', () => {
    expect(written(false)).toBe('base: 57 % (cliff, seed 1)\nbase: 65 % (cliff, seed 1)\nbase: 72 % (cliff, seed 1)\n');
  });

  test('writes nothing with --quiet', () => {
    expect(written(true)).toBe('');
  });
});
