import type { SpecialFigure } from './special-figure.ts';

/** Counts the calls that did not begin because their node had crashed and its record had not expired. */
export function createCrashFigures(measuredFromSecond: number): SpecialFigure {
  let callsNotBegun = 0;
  return {
    callNotBegun: (atSecond) => {
      if (atSecond >= measuredFromSecond) callsNotBegun += 1;
    },
    figures: () => ({ 'crashed.callsNotBegun': callsNotBegun }),
  };
}
