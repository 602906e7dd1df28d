/** A figure over time. The run is divided into equal stretches of time, and the value of a stretch is Σ numerators ÷ Σ denominators. */
export interface Curve {
  readonly add: (atSecond: number, numerator: number, denominator: number) => void;
  /** One value for each stretch. A stretch without data repeats the previous value, or 0 at the start. */
  readonly values: () => number[];
}

const maxPoints = 600;

/** Returns the number of stretches. @param leastSeconds minimum length of a stretch, so that each stretch has data */
export function curvePoints(durationSeconds: number, leastSeconds: number): number {
  return Math.max(1, Math.min(maxPoints, Math.floor(durationSeconds / leastSeconds)));
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
