import { mean } from 'd3-array';
import type { RunFigures, RunSeries } from '../simulation-result.ts';
import { createCurve } from './curve.ts';
import { distributionOf } from './distribution.ts';
import { loadOf, type RegionSample } from './region-sample.ts';
import type { RunClock } from './run-clock.ts';

/** Loads of regions and of their busiest nodes. */
export interface LoadFigures {
  readonly sampled: (samples: readonly RegionSample[], atSecond: number) => void;
  readonly figures: () => Pick<RunFigures, 'peakToIdeal' | 'regionLoad' | 'overloadedCallShare'>;
  readonly series: () => Pick<RunSeries, 'peakToIdeal' | 'regionLoad' | 'overloadedCallShare'>;
}

export function createLoadFigures(
  regionNames: readonly string[],
  { durationSeconds, measuredFromSecond, points }: RunClock,
): LoadFigures {
  const peaks: number[] = [];
  const peakCurve = createCurve(durationSeconds, points);
  const overloadCurve = createCurve(durationSeconds, points);
  const regions = new Map(
    regionNames.map((name) => [name, { loads: new Array<number>(), curve: createCurve(durationSeconds, points) }]),
  );
  let callsSampled = 0;
  let overloadedCallsSampled = 0;

  return {
    sampled: (samples, atSecond) => {
      const isMeasured = atSecond >= measuredFromSecond;
      let peak = 0;
      let calls = 0;
      let overloadedCalls = 0;
      for (const sample of samples) {
        const load = loadOf(sample);
        calls += sample.calls;
        if (load > 1) overloadedCalls += sample.calls;
        if (load > 0) peak = Math.max(peak, sample.peakUse / load);
        const region = regions.get(sample.region.name);
        region?.curve.add(atSecond, load, 1);
        if (isMeasured && sample.capacityMbps > 0) region?.loads.push(load);
      }
      peakCurve.add(atSecond, peak, 1);
      overloadCurve.add(atSecond, overloadedCalls, calls);
      if (!isMeasured) return;
      if (peak > 0) peaks.push(peak);
      callsSampled += calls;
      overloadedCallsSampled += overloadedCalls;
    },
    figures: () => ({
      peakToIdeal: distributionOf(peaks),
      regionLoad: Object.fromEntries(
        Array.from(regions, ([name, { loads }]) => [name, { ...distributionOf(loads), mean: mean(loads) ?? 0 }]),
      ),
      overloadedCallShare: callsSampled === 0 ? 0 : overloadedCallsSampled / callsSampled,
    }),
    series: () => ({
      peakToIdeal: peakCurve.values(),
      regionLoad: Object.fromEntries(Array.from(regions, ([name, { curve }]) => [name, curve.values()])),
      overloadedCallShare: overloadCurve.values(),
    }),
  };
}
