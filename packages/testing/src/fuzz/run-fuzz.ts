import { setTimeout as delay } from 'node:timers/promises';
import type { LoadSummary } from '../load-summary.ts';
import { readProcessFigures } from '../process-figures.ts';
import { startFuzzAttack, type FuzzReport } from './fuzz-attack.ts';
import { judgeFuzz, type FuzzSample, type FuzzVerdict, type Phase } from './judge-fuzz.ts';
import { startPoliteCaller } from './polite-caller.ts';
import { holdConnection, type SlowManner, type SlowOutcome } from './slow-clients.ts';
import { startFuzzedRouter } from './start-fuzzed-router.ts';

export type FuzzOptions = {
  /** How long the router is fuzzed; the polite caller is watched as long again without. */
  seconds: number;
  /** The same seed, the same requests. */
  seed: number;
  /** `short`: without clients that the router bears with for long, and latency and memory are not judged. */
  form: 'short' | 'full';
  /** Ends it early, with a verdict over what was. */
  stop: AbortSignal;
  onPhase: (phase: Phase, polite: LoadSummary, figures: { residentMib: number; descriptors: number }) => void;
};

export type FuzzResult = FuzzReport & {
  readonly verdict: FuzzVerdict;
  readonly polite: Readonly<Record<Phase, LoadSummary>>;
  readonly slowClients: readonly SlowOutcome[];
  readonly samples: readonly FuzzSample[];
};

export const politeCallsPerSecond = 50;

/** So many of each manner at once, wave after wave. */
export const slowClientsOfEach = 40;
const mannersOf: Readonly<Record<FuzzOptions['form'], readonly SlowManner[]>> = {
  short: ['idle', 'slow head'],
  full: ['idle', 'slow head', 'slow body', 'never reads'],
};

const sampleEveryMs = 250;

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
  const phase = async (name: Phase, lastsSeconds: number) => {
    const untilMs = performance.now() + lastsSeconds * 1_000;
    while (performance.now() < untilMs && !isOver()) {
      samples.push({ phase: name, ...(await readProcessFigures(router.pid)) });
      await delay(sampleEveryMs);
    }
    const summary = await caller.lastPhase();
    const lowest = (figure: 'residentMib' | 'descriptors') =>
      Math.min(...samples.filter((sample) => sample.phase === name).map((sample) => sample[figure]));
    onPhase(name, summary, { residentMib: lowest('residentMib'), descriptors: lowest('descriptors') });
    return summary;
  };

  await delay((isFull ? politeWarmUpSeconds : 0.5) * 1_000);
  await caller.lastPhase();
  const quietSeconds = isFull ? seconds / 2 : 0.5;
  const before = await phase('quiet before', quietSeconds);
  const attacked = await attack();
  const after = await phase('quiet after', quietSeconds);

  const { report, slowClients } = attacked;
  const polite = { 'quiet before': before, 'warm-up': attacked.warmUp, fuzz: attacked.fuzz, 'quiet after': after };
  const errorLines = router
    .output()
    .split('\n')
    .filter((line) => errorLine.test(line));
  const findings = { faults: report.faults, polite, samples, slowClients, errorLines, exitCode };
  return { ...report, verdict: judgeFuzz(findings, isFull), polite, slowClients, samples };

  async function attack() {
    await using attacking = await startFuzzAttack(router, knowledge, seed);
    const over = new AbortController();
    const waves = slowWaves(Number(new URL(router.url).port), mannersOf[form], over.signal);
    const warmUp = await phase('warm-up', Math.min(60, seconds / 6));
    if (!isFull) over.abort();
    const main = await phase('fuzz', seconds);
    over.abort();
    return { report: attacking.report(), warmUp, fuzz: main, slowClients: await waves };
  }
}

/** Holds connections of all manners, and each again as soon as the router has closed it, until `over`. */
async function slowWaves(port: number, manners: readonly SlowManner[], over: AbortSignal): Promise<SlowOutcome[]> {
  const outcomes = await Promise.all(
    manners.flatMap((manner) =>
      Array.from({ length: slowClientsOfEach }, async () => {
        const held: SlowOutcome[] = [];
        do held.push(await holdConnection(port, manner));
        while (!over.aborted);
        return held;
      }),
    ),
  );
  return outcomes.flat();
}
