import { PassThrough } from 'node:stream';
import { runTurnctl } from './run-turnctl.ts';

type Surroundings = { readonly environment?: Readonly<Record<string, string>>; readonly isTerminal?: boolean };

/** `turnctl`, in an environment of its own, at noon of 21 November 2026, with bytes of chance that are all 7. */
export async function runCommand(args: readonly string[], { environment = {}, isTerminal = false }: Surroundings = {}) {
  let stdout = '';
  const stderr = new PassThrough();
  const terminal = {
    stdout: { isTTY: isTerminal, write: (text: string) => (stdout += text) },
    stderr,
    nowMs: () => 0,
    unixMs: () => Date.parse('2026-11-21T12:00:00Z'),
    who: () => 'kim@ops-1',
    randomBytes: (size: number) => Buffer.alloc(size, 7),
  };
  const status = await runTurnctl(args, environment, terminal, '0.0.0');
  return { status, stdout, stderr: String(stderr.read() ?? '') };
}
