import { execFile } from 'node:child_process';
import { builtApp } from './built-app.ts';

export type TurnctlRun = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

/** Runs the built turnctl and waits until it ends. */
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

/** Runs the built turnctl and returns its stdout. If it fails, rejects with its stderr. */
export async function runTurnctl(...parameters: Parameters<typeof tryTurnctl>): Promise<string> {
  const { exitCode, stdout, stderr } = await tryTurnctl(...parameters);
  if (exitCode !== 0)
    throw new Error(`turnctl ${parameters[0].join(' ')} failed with exit code ${exitCode}:\n${stderr}`);
  return stdout;
}
