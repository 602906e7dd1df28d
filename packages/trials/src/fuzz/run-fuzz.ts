import { setTimeout as delay } from 'node:timers/promises';
import { readProcessFigures, type LoadSummary } from '@turn-router/testing';
import { startFuzzAttack, type FuzzReport } from './fuzz-attack.ts';
import { areDescriptorsBack, judgeFuzz, type FuzzSample, type FuzzVerdict, type Phase } from './judge-fuzz.ts';
import { startPoliteCaller } from './polite-caller.ts';
import { holdConnection, slowManners, type SlowManner, type SlowOutcome } from './slow-clients.ts';
import { startFuzzedRouter } from './start-fuzzed-router.ts';

export type FuzzOptions = {
  /** How long the router is fuzzed; the polite caller is watched as long again without. */
  seconds: number;
  /** The same seed, the same requests. */
  seed: number;
  /** `short`: without clients that the router bears with for long, and latency and memory are not judged. */
  form: 'short' | 'full';
  /** Ends it early, with a verdict over what was, but for latency and memory. */
  stop: AbortSignal;
  onPhase: (phase: Phase, polite: LoadSummary) => void;
};

export type FuzzResult = FuzzReport & {
  readonly verdict: FuzzVerdict;
  readonly polite: Readonly<Record<Phase, LoadSummary>>;
  readonly slowClients: readonly SlowOutcome[];
};

export const politeCallsPerSecond = 50;

/** So many at once, each replaced as soon as it is closed. Those that never read are few: each takes megabytes at once before it stands still. */
const slowClients: Readonly<Record<FuzzOptions['form'], Partial<Record<SlowManner, number>>>> = {
  short: { idle: 10, 'slow head': 10 },
  full: { idle: 60, 'slow head': 60, 'slow body': 40, 'never reads': 5 },
};

/** Between two of a manner, ms: all at once they would be closed at once, too, over and over. */
const staggerMs = 80;

const sampleEveryMs = 250;

/** How much longer than it is meant to last a phase goes on at most, while what it is to bring about has not come about, ms. */
const patienceMs = 150_000;

/** Within this time garbage is collected, ms. */
const garbageMs = 1_000;

/** Compilers and pools, s. */
const politeWarmUpSeconds = 5;

/** Levels of pino: `error` and `fatal`. */
const errorLine = /"level":[56]0/;

/** Fuzzes a router of its own, with a polite caller beside, and judges it. */
export async function runFuzz(options: FuzzOptions): Promise<FuzzResult> {
  const { seconds, seed, form, stop, onPhase } = options;
  const isFull = form === 'full';
  await using fuzzed = await startFuzzedRouter();
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
    const isToGoOn = () => {
      const passedMs = performance.now() - startedAtMs;
      return passedMs < lastsSeconds * 1_000 + (isDone() ? 0 : patienceMs);
    };
    while (isToGoOn() && !isOver()) {
      // None when the router has just ended, which is told by its exit code.
      const figures = await readProcessFigures(router.pid).catch(() => undefined);
      if (figures !== undefined) samples.push({ phase: name, descriptors: figures.descriptors });
      await delay(sampleEveryMs);
    }
    const summary = await callsSoFar();
    onPhase(name, summary);
    return summary;
  };
  let politeFailures = 0;
  const callsSoFar = async () => {
    const summary = await caller.lastPhase();
    politeFailures += summary.failures;
    return summary;
  };
  const residentWithoutGarbage = async () => {
    router.signal('SIGUSR2');
    await delay(isFull ? garbageMs : 0);
    const figures = await readProcessFigures(router.pid).catch(() => undefined);
    // While it collects, callers wait: these calls are in no phase.
    await callsSoFar();
    return figures?.residentMib ?? 0;
  };

  await delay((isFull ? politeWarmUpSeconds : 0.5) * 1_000);
  await callsSoFar();
  const quietSeconds = isFull ? seconds / 2 : 0.5;
  const before = await phase('quiet before', quietSeconds);
  const attacked = await attack();
  // Until here slow clients were still waited for.
  await callsSoFar();
  // Kept connections of callers that had to wait on a busy machine close by and by.
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

/** Holds so many connections of each manner, and each again as soon as the router has closed it, until `over`. */
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
