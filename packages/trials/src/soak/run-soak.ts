import { setTimeout as delay } from 'node:timers/promises';
import { readProcessFigures, seededRandom, type LoadSummary } from '@turn-router/testing';
import { judgeSoak, type FigureSample, type SoakVerdict } from './judge-soak.ts';
import { planFaults } from './plan-faults.ts';
import { soakFaults } from './soak-faults.ts';
import { startSoakFleet, type SoakFleet } from './start-soak-fleet.ts';

export type SoakOptions = {
  minutes: number;
  /** Decides which faults come when, and for how long. */
  seed: number;
  callsPerSecond: number;
  /** Ends it early, with a verdict over what was. */
  stop: AbortSignal;
  onMinute: (minute: SoakMinute) => void;
  /** A fault begins, or has ended; `freshAfterMs`: from its end until the router was fresh again. */
  onFault: (name: string, fault: { lastsMs: number; freshAfterMs?: number }) => void;
};

export type SoakMinute = {
  readonly minute: number;
  readonly load: LoadSummary;
  /** Part of all calls so far that were answered with relays. */
  readonly availability: number;
  readonly residentMib: number;
  readonly descriptors: number;
  readonly fault: string | undefined;
};

export type SufferedFault = {
  readonly name: string;
  readonly startedAtMs: number;
  readonly lastedMs: number;
  readonly freshAfterMs: number;
};

export type SoakResult = {
  readonly verdict: SoakVerdict;
  readonly load: LoadSummary;
  readonly samples: readonly FigureSample[];
  readonly faults: readonly SufferedFault[];
};

const sampleEveryMs = 2_000;

/** A router that is not fresh by then counts as this late, ms. */
const freshTimeoutMs = 30_000;

/** Runs a router with load, lets it suffer fault after fault, and judges it. */
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
  const suffered: SufferedFault[] = [];
  const suffer = async () => {
    for (const planned of planFaults(soakFaults, totalMs, random)) {
      await wait(planned.startsAtMs - elapsedMs());
      if (isOver()) return;
      fault = planned.fault.name;
      const faultAtMs = elapsedMs();
      onFault(fault, planned);
      await planned.fault.suffer(fleet.stage, () => wait(planned.lastsMs));
      const lastedMs = elapsedMs() - faultAtMs;
      const freshAfterMs = await timeUntilFresh(fleet, stop);
      onFault(fault, { lastsMs: lastedMs, freshAfterMs });
      suffered.push({ name: fault, startedAtMs: faultAtMs, lastedMs, freshAfterMs });
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

  await Promise.all([suffer(), sample()]);
  await fleet.load.stop();
  const load = fleet.load.window(0, Infinity);
  const verdict = judgeSoak(samples, { calls: load.calls, failedCalls: load.failures, totalMs: elapsedMs() });
  return { verdict, load, samples, faults: suffered };
}

async function timeUntilFresh({ isFresh }: SoakFleet, stop: AbortSignal): Promise<number> {
  const startedAtMs = performance.now();
  const passedMs = () => performance.now() - startedAtMs;
  while (!stop.aborted && passedMs() < freshTimeoutMs && !(await isFresh())) await delay(50);
  return passedMs();
}
