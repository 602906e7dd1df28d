import { execFile } from 'node:child_process';
import { builtApp } from './built-app.ts';

export type TurnctlRun = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

/** The built turnctl, to its end. */
export function tryTurnctl(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<TurnctlRun> {
  const env = { PATH: process.env['PATH'] ?? '', ...environment };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [builtApp('turnctl'), ...args], { env }, (_error, stdout, stderr) =>
      resolve({ exitCode: child.exitCode ?? 1, stdout, stderr }),
    );
  });
}

/** What it prints on stdout. Rejects with what it prints on stderr when it fails. */
export async function runTurnctl(...parameters: Parameters<typeof tryTurnctl>): Promise<string> {
  const { exitCode, stdout, stderr } = await tryTurnctl(...parameters);
  if (exitCode !== 0) throw new Error(`turnctl ${parameters[0].join(' ')} ended with ${exitCode}:\n${stderr}`);
  return stdout;
}
