import { spawn } from 'node:child_process';
import { eventually } from '../surroundings/eventually.ts';

export type ProcessOptions = {
  /** Shown in errors. */
  name: string;
  command: string;
  args?: readonly string[];
  /** The whole environment of the process, but for what it always gets: PATH, and what makes it a part of the run (packages/run-guard). */
  env?: Readonly<Record<string, string>>;
  /** Asked again and again with everything printed so far; the process counts as started at the first `true`. */
  isReady: (output: string) => boolean | Promise<boolean>;
  readyTimeoutMs?: number;
  /** Called with each piece of output as it comes. */
  onOutput?: (text: string) => void;
};

export interface RunningProcess extends AsyncDisposable {
  readonly pid: number;
  /** Everything printed so far to stdout and stderr. */
  output(): string;
  signal(signal: NodeJS.Signals): void;
  /** Settles when the process has ended and all its output is there, with its exit code, or null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** SIGTERM, and SIGKILL when `graceMs` were not enough. */
  stop(graceMs?: number): Promise<void>;
}

/** By the last two, nothing that a run starts outlives it; see packages/run-guard. */
const inherited = ['PATH', 'TMPDIR', 'TURN_ROUTER_RUNS'];

function inheritedEnvironment(): Record<string, string> {
  return Object.fromEntries(inherited.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/**
 * Starts a real program in a process group of its own (so that a Ctrl-C in the terminal reaches only us) and waits until it is ready.
 *
 * @throws Error with the program's output when it ends or stays silent before it is ready
 */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  let output = '';
  let exitCode: number | null | undefined;
  const child = spawn(options.command, options.args ?? [], {
    env: { ...inheritedEnvironment(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      options.onOutput?.(text);
    });
  }
  const exited = new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      output += error.message;
      exitCode = null;
      resolve(null);
    });
    // After `exit`, output may still be on its way.
    child.once('close', (code) => {
      exitCode = code;
      resolve(code);
    });
  });

  async function stop(graceMs = 30_000): Promise<void> {
    if (exitCode !== undefined) return;
    child.kill('SIGTERM');
    // A stopped process (SIGSTOP in a fault test) would never see its SIGTERM.
    child.kill('SIGCONT');
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await exited;
    clearTimeout(timer);
  }

  try {
    await eventually(
      `${options.name} to be ready`,
      async () => exitCode !== undefined || (await options.isReady(output)),
      { timeoutMs: options.readyTimeoutMs ?? 120_000 },
    );
    if (exitCode !== undefined) throw new Error('it ended');
  } catch (cause) {
    await stop();
    throw new Error(`${options.name} did not start; it printed:\n${output}`, { cause });
  }
  return {
    pid: child.pid ?? 0,
    output: () => output,
    signal: (signal) => void child.kill(signal),
    exited,
    stop,
    [Symbol.asyncDispose]: () => stop(),
  };
}
