import type { SimulationProgress, StrategyName } from '@turn-router/simulator';
import { Presets, SingleBar } from 'cli-progress';
import type { Terminal } from '../terminal.ts';

/** Shows the progress of one scenario. Output is written synchronously, because no timer runs during a simulation. */
export interface Progress extends Disposable {
  readonly show: (progress: SimulationProgress) => void;
  /** Removes the progress bar, if there is one. */
  readonly end: () => void;
}

/** The runs of one scenario: each strategy with each seed, in this order. */
type RunPlan = { readonly strategies: readonly StrategyName[]; readonly seeds: readonly number[] };

type ProgressOptions = RunPlan & { readonly label: string; readonly isQuiet: boolean };

type ProgressTerminal = Pick<Terminal, 'stderr' | 'nowMs'>;

/** Creates a progress bar on a terminal; otherwise prints a line every few seconds. */
export function createProgress(terminal: ProgressTerminal, options: ProgressOptions): Progress {
  if (options.isQuiet) return progressOf({ show: () => {}, end: () => {} });
  return progressOf(terminal.stderr.isTTY === true ? createBar(terminal, options) : createLines(terminal, options));
}

type Shown = Pick<Progress, 'show' | 'end'>;

function progressOf({ show, end }: Shown): Progress {
  return { show, end, [Symbol.dispose]: end };
}

function createBar({ stderr }: ProgressTerminal, { label, ...plan }: ProgressOptions): Shown {
  const format = `${label} {bar} {percentage} %, {eta_formatted} to go: {run}`;
  const bar = new SingleBar(
    // gracefulExit would intercept Ctrl-C, but cannot handle Ctrl-C while the simulation runs.
    { format, stream: stderr, barsize: 24, clearOnComplete: true, gracefulExit: false, linewrap: false },
    Presets.shades_classic,
  );
  bar.start(1000, 0, { run: '' });
  return {
    show: (progress) => bar.update(Math.round(doneShare(plan, progress) * 1000), { run: runText(progress) }),
    end: () => bar.stop(),
  };
}

const lineEveryMs = 5_000;

function createLines({ stderr, nowMs }: ProgressTerminal, { label, ...plan }: ProgressOptions): Shown {
  let writtenAtMs = nowMs();
  return {
    show: (progress) => {
      if (nowMs() - writtenAtMs < lineEveryMs) return;
      writtenAtMs = nowMs();
      stderr.write(`${label}: ${Math.floor(doneShare(plan, progress) * 100)} % (${runText(progress)})\n`);
    },
    end: () => {},
  };
}

function runText({ strategy, seed }: SimulationProgress): string {
  return `${strategy}, seed ${seed}`;
}

/** Returns the finished part of all runs, 0–1. All runs of a scenario have the same length. */
function doneShare(
  { strategies, seeds }: RunPlan,
  { strategy, seed, doneSeconds, durationSeconds }: SimulationProgress,
): number {
  const runsDone = strategies.indexOf(strategy) * seeds.length + seeds.indexOf(seed);
  return (runsDone + doneSeconds / durationSeconds) / (strategies.length * seeds.length);
}
