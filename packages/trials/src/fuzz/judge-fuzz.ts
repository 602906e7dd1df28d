import type { LoadSummary } from '@turn-router/testing';
import { closedWithinMs, type SlowOutcome } from './slow-clients.ts';

export type Phase = 'quiet before' | 'warm-up' | 'fuzz' | 'quiet after';

export type FuzzSample = { readonly phase: Phase; readonly descriptors: number };

export type FuzzFindings = {
  /** What was wrong with answers; the first so many. */
  readonly faults: readonly string[];
  /** Of the polite caller, by phase. */
  readonly polite: Readonly<Record<Phase, LoadSummary>>;
  /** Of its calls in all phases and between them. */
  readonly politeFailures: number;
  /** Resident memory of the router without garbage, after the warm-up and at the end of the fuzz, MiB. */
  readonly residentMib: { readonly warm: number; readonly end: number };
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
  /** How much more resident memory it has at the end of the fuzz than after the warm-up, MiB. */
  readonly memoryGrowthMib: number;
  /** The lowest number of open descriptors in each quiet phase; Infinity of one that did not come about. */
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
  const { polite, politeFailures, residentMib, samples, slowClients, errorLines, exitCode } = findings;
  const p99Ratio = polite.fuzz.p99Ms / Math.max(polite['quiet before'].p99Ms, polite['quiet after'].p99Ms);
  const memoryGrowthMib = residentMib.end - residentMib.warm;
  const descriptors = descriptorsOf(samples);
  const stayed = slowClients.filter(({ closedAfterMs }) => closedAfterMs === undefined);

  const faults = [
    ...findings.faults,
    ...(exitCode === undefined ? [] : [`the router has ended: ${exitCode}`]),
    ...errorLines.map((line) => `in the log: ${line}`),
    ...[...new Set(stayed.map(({ manner }) => manner))].map(
      (manner) => `${manner}: connections that are open after ${closedWithinMs[manner]} ms`,
    ),
    ...(politeFailures === 0 ? [] : [`${politeFailures} calls of the polite caller failed`]),
    ...(areDescriptorsBack(samples) || !Number.isFinite(descriptors.after)
      ? []
      : [`descriptors: ${descriptors.before} → ${descriptors.after}`]),
  ];
  const figureFaults = [
    ...(p99Ratio <= p99RatioMax ? [] : [`p99 of the polite caller: × ${p99Ratio.toFixed(2)}`]),
    ...(memoryGrowthMib <= memoryGrowthMibMax ? [] : [`memory: + ${memoryGrowthMib.toFixed(1)} MiB`]),
  ];
  return { p99Ratio, memoryGrowthMib, descriptors, faults: judgesFigures ? [...faults, ...figureFaults] : faults };
}

/** Whether there are as few open as before the fuzz. */
export function areDescriptorsBack(samples: readonly FuzzSample[]): boolean {
  const { before, after } = descriptorsOf(samples);
  return after <= before + descriptorsMoreMax;
}

function descriptorsOf(samples: readonly FuzzSample[]): FuzzVerdict['descriptors'] {
  const fewest = (phase: Phase) =>
    Math.min(...samples.filter((sample) => sample.phase === phase).map(({ descriptors }) => descriptors));
  return { before: fewest('quiet before'), after: fewest('quiet after') };
}
