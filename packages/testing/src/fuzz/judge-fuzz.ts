import type { LoadSummary } from '../load-summary.ts';
import { closedWithinMs, type SlowOutcome } from './slow-clients.ts';

export type Phase = 'quiet before' | 'warm-up' | 'fuzz' | 'quiet after';

export type FuzzSample = { readonly phase: Phase; readonly residentMib: number; readonly descriptors: number };

export type FuzzFindings = {
  /** What was wrong with answers; the first so many. */
  readonly faults: readonly string[];
  /** Of the polite caller, by phase. */
  readonly polite: Readonly<Record<Phase, LoadSummary>>;
  /** Of the router, evenly in time. */
  readonly samples: readonly FuzzSample[];
  readonly slowClients: readonly SlowOutcome[];
  /** Log lines of the level `error` or worse. */
  readonly errorLines: readonly string[];
  /** The exit code of a router that has ended. */
  readonly exitCode: number | null | undefined;
};

export type FuzzVerdict = {
  /** The polite caller's p99 while the router is fuzzed ÷ that of the worse of the quiet phases. */
  readonly p99Ratio: number;
  /** The lowest resident memory in the last quarter of the fuzz less that in the first, MiB. */
  readonly memoryGrowthMib: number;
  /** The lowest number of open descriptors in each quiet phase. */
  readonly descriptors: { readonly before: number; readonly after: number };
  /** Empty when all is well. */
  readonly faults: readonly string[];
};

const p99RatioMax = 2;
const memoryGrowthMibMax = 20;

/** Connections of the polite caller come and go. */
const descriptorsMoreMax = 2;

/** @param judgesFigures whether latency and memory count: they need minutes, and a machine that does nothing else */
export function judgeFuzz(findings: FuzzFindings, judgesFigures: boolean): FuzzVerdict {
  const { polite, samples, slowClients, errorLines, exitCode } = findings;
  const p99Ratio = polite.fuzz.p99Ms / Math.max(polite['quiet before'].p99Ms, polite['quiet after'].p99Ms);
  const of = (phase: Phase) => samples.filter((sample) => sample.phase === phase);
  const fuzzed = of('fuzz');
  const quarter = Math.ceil(fuzzed.length / 4);
  const memoryGrowthMib = lowestMib(fuzzed.slice(-quarter)) - lowestMib(fuzzed.slice(0, quarter));
  const fewest = (phase: Phase) => Math.min(...of(phase).map(({ descriptors }) => descriptors));
  const descriptors = { before: fewest('quiet before'), after: fewest('quiet after') };
  const stayed = slowClients.filter(({ closedAfterMs }) => closedAfterMs === undefined);
  const impolite = Object.values(polite).reduce((sum, { failures }) => sum + failures, 0);

  const faults = [
    ...findings.faults,
    ...(exitCode === undefined ? [] : [`the router has ended: ${exitCode}`]),
    ...errorLines.map((line) => `in the log: ${line}`),
    ...[...new Set(stayed.map(({ manner }) => manner))].map(
      (manner) => `${manner}: connections that are open after ${closedWithinMs[manner]} ms`,
    ),
    ...(impolite === 0 ? [] : [`${impolite} calls of the polite caller failed`]),
    ...(descriptors.after <= descriptors.before + descriptorsMoreMax
      ? []
      : [`descriptors: ${descriptors.before} → ${descriptors.after}`]),
  ];
  const figureFaults = [
    ...(p99Ratio <= p99RatioMax ? [] : [`p99 of the polite caller: × ${p99Ratio.toFixed(2)}`]),
    ...(memoryGrowthMib <= memoryGrowthMibMax ? [] : [`memory: + ${memoryGrowthMib.toFixed(1)} MiB`]),
  ];
  return { p99Ratio, memoryGrowthMib, descriptors, faults: judgesFigures ? [...faults, ...figureFaults] : faults };
}

function lowestMib(samples: readonly FuzzSample[]): number {
  return Math.min(...samples.map(({ residentMib }) => residentMib));
}
