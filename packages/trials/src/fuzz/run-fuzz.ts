import { setTimeout as delay } from 'node:timers/promises';
import { readProcessFigures, type LoadSummary } from '@turn-router/testing';
import { startFuzzAttack, type FuzzReport } from './fuzz-attack.ts';
import { areDescriptorsBack, judgeFuzz, type FuzzSample, type FuzzVerdict, type Phase } from './judge-fuzz.ts';
import { startPoliteCaller } from './polite-caller.ts';
import { holdConnection, slowManners, type SlowManner, type SlowOutcome } from './slow-clients.ts';
import { startFuzzedRouter } from './start-fuzzed-router.ts';

export type FuzzOptions = {
  /** Length of the fuzz. The polite caller is also measured for the same total time without fuzz. */
  seconds: number;
  /** The same seed gives the same requests. */
  seed: number;
  /** `short` leaves out slow clients that the router closes late, and does not judge latency and memory. */
  form: 'short' | 'full';
  /** Ends the run early, with a verdict on everything except latency and memory. */
  stop: AbortSignal;
  onPhase: (phase: Phase, polite: LoadSummary) => void;
};

export type FuzzResult = FuzzReport & {
  readonly verdict: FuzzVerdict;
  readonly polite: Readonly<Record<Phase, LoadSummary>>;
  readonly slowClients: readonly SlowOutcome[];
};

export const politeCallsPerSecond = 50;

/** Simultaneous slow connections; each is replaced when it closes. Few never read, because each gets megabytes before its buffers are full. */
const slowClients: Readonly<Record<FuzzOptions['form'], Partial<Record<SlowManner, number>>>> = {
  short: { idle: 10, 'slow head': 10 },
  full: { idle: 60, 'slow head': 60, 'slow body': 40, 'never reads': 5 },
};

/** Delay between two connections of the same kind, ms. Without it the router would close all of them at the same moment, repeatedly. */
const staggerMs = 80;

const sampleEveryMs = 250;

/** Longest extension of a phase whose goal is not reached at its end, ms. */
const extensionMaxMs = 150_000;

/** Time for the router to collect its garbage, ms. */
const garbageMs = 1_000;

/** Time before the first measurement, in which compilers and connection pools warm up, s. */
const politeWarmUpSeconds = 5;

/** Matches the pino levels `error` (50) and `fatal` (60). */
const errorLine = /"level":[56]0/;

/** Starts a router, fuzzes it while a polite caller calls it, and judges it. */
export async function runFuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { seconds, seed, form, stop, onPhase } = options;
  const isFull = form === 'full';
  await using fuzzed = await startFuzzedRouter({ limits: '' });
  const { router, knowledge } = fuzzed;
  let exitCode: number | null | undefined;
  void router.exited.then((code) => (exitCode = code));
  await using caller = await startPoliteCaller({
    url: router.url,
    ratePerSecond: politeCallsPerSecond,
    maxSeconds: seconds * 3 + 120,
  });
  const samples: FuzzSample[] = [];
  const isOver = () => stop.aborted || exitCode !== undefined;
  const phase = async (name: Phase, lastsSeconds: number, isDone = () => true) => {
    const startedAtMs = performance.now();
    const shouldContinue = () => {
      const passedMs = performance.now() - startedAtMs;
      return passedMs < lastsSeconds * 1_000 + (isDone() ? 0 : extensionMaxMs);
    };
    while (shouldContinue() && !isOver()) {
      // Fails if the router has just ended; the exit code then reports that.
      const figures = await readProcessFigures(router.pid).catch(() => undefined);
      if (figures !== undefined) samples.push({ phase: name, descriptors: figures.descriptors });
      await delay(sampleEveryMs);
    }
    const summary = await endPhase();
    onPhase(name, summary);
    return summary;
  };
  let politeFailures = 0;
  const endPhase = async () => {
    const summary = await caller.lastPhase();
    politeFailures += summary.failures;
    return summary;
  };
  const residentWithoutGarbage = async () => {
    router.signal('SIGUSR2');
    await delay(isFull ? garbageMs : 0);
    const figures = await readProcessFigures(router.pid).catch(() => undefined);
    // Callers wait during the collection, so these calls belong to no phase.
    await endPhase();
    return figures?.residentMib ?? 0;
  };

  await delay((isFull ? politeWarmUpSeconds : 0.5) * 1_000);
  await endPhase();
  const quietSeconds = isFull ? seconds / 2 : 0.5;
  const before = await phase('quiet before', quietSeconds);
  const attacked = await attack();
  // Excludes the time spent waiting for slow clients.
  await endPhase();
  // On a busy machine, kept connections of callers that had to wait close only gradually.
  const after = await phase('quiet after', quietSeconds, () => areDescriptorsBack(samples));

  const { report, slow, residentMib } = attacked;
  const polite = { 'quiet before': before, 'warm-up': attacked.warmUp, fuzz: attacked.fuzz, 'quiet after': after };
  const errorLines = router
    .output()
    .split('\n')
    .filter((line) => errorLine.test(line));
  const figures = { polite, politeFailures, residentMib, samples };
  const findings = { ...figures, faults: report.faults, slowClients: slow, errorLines, exitCode };
  return { ...report, verdict: judgeFuzz(findings, isFull && !stop.aborted), polite, slowClients: slow };

  async function attack() {
    await using attacking = await startFuzzAttack(router, knowledge, seed);
    const over = new AbortController();
    const waves = holdConnections(Number(new URL(router.url).port), form, over.signal);
    const warmUp = await phase('warm-up', Math.min(60, seconds / 6));
    const warm = await residentWithoutGarbage();
    if (!isFull) over.abort();
    const main = await phase('fuzz', seconds, () => {
      const { operations, answers } = attacking.report();
      return operations.every((operation) => operation in answers);
    });
    const end = await residentWithoutGarbage();
    over.abort();
    return { report: attacking.report(), residentMib: { warm, end }, warmUp, fuzz: main, slow: await waves };
  }
}

/** Holds slow connections of each kind until `over`. Replaces each connection as soon as the router closes it. */
async function holdConnections(port: number, form: FuzzOptions['form'], over: AbortSignal): Promise<SlowOutcome[]> {
  const hold = async (manner: SlowManner, index: number) => {
    const held: SlowOutcome[] = [];
    await delay(index * staggerMs);
    do held.push(await holdConnection(port, manner, form === 'short' ? 10 : 1));
    while (!over.aborted);
    return held;
  };
  const outcomes = slowManners.flatMap((manner) =>
    Array.from({ length: slowClients[form][manner] ?? 0 }, (_, index) => hold(manner, index)),
  );
  return (await Promise.all(outcomes)).flat();
}
