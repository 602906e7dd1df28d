import type { SpecialFigure } from './special-figure.ts';

/** What callers notice of crashes: those who were sent to a node that had died, until its record was gone. */
export function createCrashFigures(measuredFromSecond: number): SpecialFigure {
  let callsNotBegun = 0;
  return {
    callNotBegun: (atSecond) => {
      if (atSecond >= measuredFromSecond) callsNotBegun += 1;
    },
    figures: () => ({ 'crashed.callsNotBegun': callsNotBegun }),
  };
}
