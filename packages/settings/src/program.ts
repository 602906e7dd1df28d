import type { FieldFault } from '@turn-router/contract/http';
import type { Setting, Settings } from './setting.ts';

/** A program that is configured only by environment variables. */
export type Program = {
  /** For example `turn-router`. */
  readonly name: string;
  /** The path of the entry file, for example `apps/router/dist/main.js`. */
  readonly entry: string;
  /** One or two sentences. */
  readonly summary: string;
  readonly version: string;
  readonly settings: Settings;
};

export type ArgumentsAnswer = { readonly text: string; readonly exitCode: 0 | 2 };

/** Answers `--help`, `--version` and unknown arguments. Returns undefined if there are no arguments: then the program should run. */
export function answerArguments(program: Program, args: readonly string[]): ArgumentsAnswer | undefined {
  const [first, ...others] = args;
  if (first === undefined) return undefined;
  if (others.length === 0 && first === '--help') return { text: usage(program), exitCode: 0 };
  if (others.length === 0 && first === '--version') return { text: `${program.version}\n`, exitCode: 0 };
  return { text: `Unknown arguments: ${args.join(' ')}: expected --help, --version or no arguments\n`, exitCode: 2 };
}

/** Returns the text for the operator if the program cannot start because of invalid settings. */
export function faultsText({ name }: Pick<Program, 'name'>, faults: readonly FieldFault[]): string {
  const lines = faults.map(({ field, detail }) => `  ${field}: ${detail}\n`);
  return `${name} cannot start: ${faults.length} fault(s) in its settings (--help lists all settings)\n${lines.join('')}`;
}

/** Returns the output of `--help`: every setting with its default and meaning. */
function usage({ entry, summary, settings }: Program): string {
  return `Usage: node ${entry} [--help | --version]

${summary} All settings are environment variables.
A variable whose name ends in _FILE names the file that holds a secret.

Settings:
${Object.entries(settings).map(describe).join('')}`;
}

function describe([name, { meaning, expected, required, secret, ...rest }]: [string, Setting]): string {
  const title = secret ? `${name}, ${name}_FILE` : name;
  const presence = required ? 'required' : rest.default === undefined ? 'no default' : `default ${rest.default}`;
  return `  ${title} (${presence})\n      ${meaning}.\n      Expected: ${expected}.\n`;
}
