import { PassThrough } from 'node:stream';
import { runTurnctl } from './run-turnctl.ts';

type CommandContext = { readonly environment?: Readonly<Record<string, string>>; readonly isTerminal?: boolean };

/** Runs `turnctl` with only this environment, at noon of 21 November 2026, with random bytes that are all 7. */
export async function runCommand(
  args: readonly string[],
  { environment = {}, isTerminal = false }: CommandContext = {},
) {
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
