import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { builtApp } from './built-app.ts';

/** What the built turnctl prints on stdout. Rejects with what it prints on stderr when it fails. */
export async function runTurnctl(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const env = { PATH: process.env['PATH'] ?? '', ...environment };
  return (await promisify(execFile)(process.execPath, [builtApp('turnctl'), ...args], { env })).stdout;
}
