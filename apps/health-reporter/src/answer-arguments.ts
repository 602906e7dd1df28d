import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { usage } from './config/usage.ts';

export type ArgumentsAnswer = { readonly text: string; readonly exitCode: 0 | 2 };

/** What the command line asks for; undefined: to run. */
export function answerArguments(args: readonly string[]): ArgumentsAnswer | undefined {
  const [first, ...others] = args;
  if (first === undefined) return undefined;
  if (others.length === 0 && first === '--help') return { text: usage(), exitCode: 0 };
  if (others.length === 0 && first === '--version') return { text: `${packageVersion()}\n`, exitCode: 0 };
  return { text: `Unknown arguments: ${args.join(' ')}: expected --help, --version or nothing\n`, exitCode: 2 };
}

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
