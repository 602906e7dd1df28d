import { spawn } from 'node:child_process';
import { eventually } from '../fixtures/eventually.ts';

export type ProcessOptions = {
  /** Shown in errors. */
  name: string;
  command: string;
  args?: readonly string[];
  /** The environment of the process. PATH and the variables that make it part of the run (packages/run-guard) are always added. */
  env?: Readonly<Record<string, string>>;
  /** Called repeatedly with the whole output so far. The process counts as started at the first `true`. */
  isReady: (output: string) => boolean | Promise<boolean>;
  readyTimeoutMs?: number;
  /** Called with each piece of output when it arrives. */
  onOutput?: (text: string) => void;
};

export interface RunningProcess extends AsyncDisposable {
  readonly pid: number;
  /** Returns the whole output so far, stdout and stderr. */
  output(): string;
  signal(signal: NodeJS.Signals): void;
  /** Resolves with the exit code after the process has ended and all its output has arrived; with null if a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Sends SIGTERM, and SIGKILL if the process still runs after `graceMs`. */
  stop(graceMs?: number): Promise<void>;
}

/** Variables that every process inherits. With the last two, packages/run-guard finds the processes of a run and ends them with the run. */
const inherited = ['PATH', 'TMPDIR', 'TURN_ROUTER_RUNS'];

function inheritedEnvironment(): Record<string, string> {
  return Object.fromEntries(inherited.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/**
 * Starts a real program and waits until it is ready. The program runs in a separate process group, so that Ctrl-C in the terminal reaches
 * only this process.
 *
 * @throws Error with the program's output if the program ends first, or is not ready within `readyTimeoutMs`
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
    // `close` comes after all output; `exit` does not wait for it.
    child.once('close', (code) => {
      exitCode = code;
      resolve(code);
    });
  });

  async function stop(graceMs = 30_000): Promise<void> {
    if (exitCode !== undefined) return;
    child.kill('SIGTERM');
    // A stopped process (SIGSTOP in a fault test) would otherwise never receive its SIGTERM.
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
    if (exitCode !== undefined) throw new Error('the process ended before it was ready');
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
