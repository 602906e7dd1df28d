import { describe, expect, test } from '@jest/globals';
import { figureAt } from './figure-at.ts';

const figures = {
  worstShareIn5s: 2,
  peakToIdeal: { p99: 1.04 },
  special: { 'joiner.peakToMean': 1.1, joiner: 9 },
  spillShare: { 'home → away': { mean: 0.3 } },
};

describe('figureAt', () => {
  test.each([
    ['worstShareIn5s', 2],
    ['peakToIdeal.p99', 1.04],
    ['special.joiner.peakToMean', 1.1],
    ['spillShare.home → away.mean', 0.3],
    ['peakToIdeal', undefined],
    ['peakToIdeal.p98', undefined],
    ['worstShareIn5s.p99', undefined],
    ['', undefined],
  ])('%s', (path, expected) => {
    expect(figureAt(figures, path)).toBe(expected);
  });
});
