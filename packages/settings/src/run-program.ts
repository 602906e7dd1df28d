import type { FieldFault } from '@turn-router/contract/http';
import { answerArguments, faultsText, type Program } from './program.ts';
import type { ReadSettings } from './read-settings.ts';
import type { Environment } from './setting.ts';

/** The part of `process` that `runProgram` uses. */
type ProcessLike = {
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  exitCode?: number | string | null | undefined;
};

/**
 * The body of every `main.ts`. Answers `--help` and `--version`, rejects bad settings with exit code 2, or runs the program. If `run`
 * throws, prints the error's message and sets exit code 1; for a programming error, prints the stack as well.
 */
export async function runProgram<Config>(
  program: Program,
  readConfig: (environment: Environment) => ReadSettings<Config>,
  run: (config: Config, warnings: readonly FieldFault[]) => Promise<void>,
  process: ProcessLike,
): Promise<void> {
  const answer = answerArguments(program, process.argv.slice(2));
  if (answer !== undefined) {
    process.exitCode = answer.exitCode;
    (answer.exitCode === 0 ? process.stdout : process.stderr).write(answer.text);
    return;
  }
  const read = readConfig(process.env);
  if (!read.ok) {
    process.exitCode = 2;
    process.stderr.write(faultsText(program, read.faults));
    return;
  }
  try {
    await run(read.config, read.warnings);
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${program.name} cannot run: ${describe(error)}\n`);
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isProgramFault = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
  return (isProgramFault && error.stack) || error.message;
}
