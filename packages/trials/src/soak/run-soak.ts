import { setTimeout as delay } from 'node:timers/promises';
import { readProcessFigures, seededRandom, type LoadSummary } from '@turn-router/testing';
import { judgeSoak, type FigureSample, type SoakVerdict } from './judge-soak.ts';
import { planFaults } from './plan-faults.ts';
import { soakFaults } from './soak-faults.ts';
import { startSoakFleet, type SoakFleet } from './start-soak-fleet.ts';

export type SoakOptions = {
  minutes: number;
  /** Seed of the plan of faults: their order, times and lengths. */
  seed: number;
  callsPerSecond: number;
  /** Ends the run early, with a verdict on the time so far. */
  stop: AbortSignal;
  onMinute: (minute: SoakMinute) => void;
  /** Called when a fault starts, and after it. The second call has `freshAfterMs`: the time from its end until the registry is fresh again. */
  onFault: (name: string, fault: { lastsMs: number; freshAfterMs?: number }) => void;
};

export type SoakMinute = {
  readonly minute: number;
  readonly load: LoadSummary;
  /** Share of all calls so far that were answered with relays, 0–1. */
  readonly availability: number;
  readonly residentMib: number;
  readonly descriptors: number;
  readonly fault: string | undefined;
};

export type FinishedFault = {
  readonly name: string;
  readonly startedAtMs: number;
  readonly lastedMs: number;
  readonly freshAfterMs: number;
};

export type SoakResult = {
  readonly verdict: SoakVerdict;
  readonly load: LoadSummary;
  readonly samples: readonly FigureSample[];
  readonly faults: readonly FinishedFault[];
};

const sampleEveryMs = 2_000;

/** Longest wait for a fresh registry after a fault, ms. */
const freshTimeoutMs = 30_000;

/** Runs a router under load, causes one fault after another, and judges the router. */
export async function runSoak(options: SoakOptions): Promise<SoakResult> {
  const { minutes, stop, onMinute, onFault } = options;
  const totalMs = minutes * 60_000;
  const random = seededRandom(options.seed);
  await using fleet = await startSoakFleet({
    callsPerSecond: options.callsPerSecond,
    maxSeconds: totalMs / 1000 + 60,
    random,
  });
  const startedAtMs = performance.now();
  const elapsedMs = () => performance.now() - startedAtMs;
  const wait = (ms: number) => delay(Math.max(0, ms), undefined, { signal: stop }).catch(() => undefined);
  const isOver = () => stop.aborted || elapsedMs() >= totalMs;

  let fault: string | undefined;
  const finished: FinishedFault[] = [];
  const runFaults = async () => {
    for (const planned of planFaults(soakFaults, totalMs, random)) {
      await wait(planned.startsAtMs - elapsedMs());
      if (isOver()) return;
      fault = planned.fault.name;
      const faultAtMs = elapsedMs();
      onFault(fault, planned);
      await planned.fault.run(fleet.stage, () => wait(planned.lastsMs));
      const lastedMs = elapsedMs() - faultAtMs;
      const freshAfterMs = await timeUntilFresh(fleet, stop);
      onFault(fault, { lastsMs: lastedMs, freshAfterMs });
      finished.push({ name: fault, startedAtMs: faultAtMs, lastedMs, freshAfterMs });
      fault = undefined;
    }
  };

  const samples: FigureSample[] = [];
  const sample = async () => {
    for (let minute = 0; !isOver();) {
      samples.push({ atMs: elapsedMs(), ...(await readProcessFigures(fleet.router.pid)) });
      if (elapsedMs() >= (minute + 1) * 60_000) {
        minute += 1;
        const untilMs = startedAtMs + minute * 60_000;
        const all = fleet.load.window(startedAtMs, untilMs);
        const lastMinute = samples.filter(({ atMs }) => atMs >= (minute - 1) * 60_000);
        onMinute({
          minute,
          load: fleet.load.window(untilMs - 60_000, untilMs),
          availability: 1 - all.failures / Math.max(1, all.calls),
          residentMib: Math.min(...lastMinute.map(({ residentMib }) => residentMib)),
          descriptors: Math.min(...lastMinute.map(({ descriptors }) => descriptors)),
          fault,
        });
      }
      await wait(Math.min(sampleEveryMs, totalMs - elapsedMs()));
    }
  };

  await Promise.all([runFaults(), sample()]);
  await fleet.load.stop();
  const load = fleet.load.window(0, Infinity);
  const verdict = judgeSoak(samples, { calls: load.calls, failedCalls: load.failures, totalMs: elapsedMs() });
  return { verdict, load, samples, faults: finished };
}

async function timeUntilFresh({ isFresh }: SoakFleet, stop: AbortSignal): Promise<number> {
  const startedAtMs = performance.now();
  const passedMs = () => performance.now() - startedAtMs;
  while (!stop.aborted && passedMs() < freshTimeoutMs && !(await isFresh())) await delay(50);
  return passedMs();
}
