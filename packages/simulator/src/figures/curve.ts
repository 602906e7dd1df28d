/** A figure over a run: for each of its stretches Σ numerators ÷ Σ denominators. */
export interface Curve {
  readonly add: (atSecond: number, numerator: number, denominator: number) => void;
  /** One for each stretch; where nothing was added the one before, 0 at first. */
  readonly values: () => number[];
}

const mostPoints = 600;

/** @param leastSeconds a stretch is never shorter, so that each gets its values */
export function curvePoints(durationSeconds: number, leastSeconds: number): number {
  return Math.max(1, Math.min(mostPoints, Math.floor(durationSeconds / leastSeconds)));
}

export function createCurve(durationSeconds: number, points: number): Curve {
  const numerators = new Float64Array(points);
  const denominators = new Float64Array(points);
  return {
    add: (atSecond, numerator, denominator) => {
      const index = Math.min(points - 1, Math.floor((atSecond / durationSeconds) * points));
      numerators[index] = (numerators[index] ?? 0) + numerator;
      denominators[index] = (denominators[index] ?? 0) + denominator;
    },
    values: () => {
      let last = 0;
      return Array.from(numerators, (numerator, index) => {
        const denominator = denominators[index] ?? 0;
        if (denominator !== 0) last = numerator / denominator;
        return last;
      });
    },
  };
}
