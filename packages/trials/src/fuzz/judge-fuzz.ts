import type { LoadSummary } from '@turn-router/testing';
import { closedWithinMs, type SlowOutcome } from './slow-clients.ts';

export type Phase = 'quiet before' | 'warm-up' | 'fuzz' | 'quiet after';

export type FuzzSample = { readonly phase: Phase; readonly descriptors: number };

export type FuzzFindings = {
  /** Faults of answers, as `FuzzReport.faults`. */
  readonly faults: readonly string[];
  /** Calls of the polite caller, by phase. */
  readonly polite: Readonly<Record<Phase, LoadSummary>>;
  /** Number of its failed calls, in all phases and between them. */
  readonly politeFailures: number;
  /** Resident memory of the router without garbage, after the warm-up and at the end of the fuzz, MiB. */
  readonly residentMib: { readonly warm: number; readonly end: number };
  /** Samples of the router at even intervals. */
  readonly samples: readonly FuzzSample[];
  readonly slowClients: readonly SlowOutcome[];
  /** Log lines of the router at level `error` or `fatal`. */
  readonly errorLines: readonly string[];
  /** Exit code if the router ended early: null if a signal ended it, undefined if it still runs. */
  readonly exitCode: number | null | undefined;
};

export type FuzzVerdict = {
  /** The polite caller's p99 during the fuzz ÷ the higher p99 of the two quiet phases. */
  readonly p99Ratio: number;
  /** Growth of resident memory from the end of the warm-up to the end of the fuzz, MiB. */
  readonly memoryGrowthMib: number;
  /** The lowest number of open descriptors in each quiet phase; Infinity if that phase has no sample. */
  readonly descriptors: { readonly before: number; readonly after: number };
  /** Empty if the router passed. */
  readonly faults: readonly string[];
};

const p99RatioMax = 2;
/** Permitted growth of resident memory from the end of the warm-up to the end of a full run, MiB. */
export const memoryGrowthMibMax = 20;

/** Permitted growth of open descriptors, because the polite caller opens and closes connections. */
const descriptorsMoreMax = 2;

/**
 * Judges a fuzz run.
 *
 * @param judgesFigures whether to judge latency and memory, which needs a run of minutes on an idle machine
 */
export function judgeFuzz(findings: FuzzFindings, judgesFigures: boolean): FuzzVerdict {
  const { polite, politeFailures, residentMib, samples, slowClients, errorLines, exitCode } = findings;
  const p99Ratio = polite.fuzz.p99Ms / Math.max(polite['quiet before'].p99Ms, polite['quiet after'].p99Ms);
  const memoryGrowthMib = residentMib.end - residentMib.warm;
  const descriptors = descriptorsOf(samples);
  const stillOpen = slowClients.filter(({ closedAfterMs }) => closedAfterMs === undefined);

  const faults = [
    ...findings.faults,
    ...(exitCode === undefined
      ? []
      : [exitCode === null ? 'a signal ended the router early' : `the router ended early with exit code ${exitCode}`]),
    ...errorLines.map((line) => `the router logged an error: ${line}`),
    ...[...new Set(stillOpen.map(({ manner }) => manner))].map(
      (manner) => `${manner}: connections are still open after ${closedWithinMs[manner]} ms`,
    ),
    ...(politeFailures === 0 ? [] : [`${politeFailures} calls of the polite caller failed`]),
    ...(areDescriptorsBack(samples) || !Number.isFinite(descriptors.after)
      ? []
      : [`open descriptors grew from ${descriptors.before} to ${descriptors.after}`]),
  ];
  const figureFaults = [
    ...(p99Ratio <= p99RatioMax
      ? []
      : [`the polite caller's p99 is ${p99Ratio.toFixed(2)} times its p99 in the quiet phases`]),
    ...(memoryGrowthMib <= memoryGrowthMibMax ? [] : [`resident memory grew by ${memoryGrowthMib.toFixed(1)} MiB`]),
  ];
  return { p99Ratio, memoryGrowthMib, descriptors, faults: judgesFigures ? [...faults, ...figureFaults] : faults };
}

/** Whether open descriptors are back at their number before the fuzz, up to `descriptorsMoreMax`. */
export function areDescriptorsBack(samples: readonly FuzzSample[]): boolean {
  const { before, after } = descriptorsOf(samples);
  return after <= before + descriptorsMoreMax;
}

function descriptorsOf(samples: readonly FuzzSample[]): FuzzVerdict['descriptors'] {
  const lowest = (phase: Phase) =>
    Math.min(...samples.filter((sample) => sample.phase === phase).map(({ descriptors }) => descriptors));
  return { before: lowest('quiet before'), after: lowest('quiet after') };
}
