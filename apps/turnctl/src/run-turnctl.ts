import type { Environment } from '@turn-router/settings';
import { Command, CommanderError } from 'commander';
import { CommandFault } from './command-fault.ts';
import { addAuditCommand } from './commands/audit.ts';
import { addConfigCommand } from './commands/config.ts';
import { addKeysCommand } from './commands/keys.ts';
import { addNodeTokenCommand } from './commands/node-token.ts';
import { addRevokeCommand } from './commands/revoke.ts';
import { addSecretsCommand } from './commands/secrets.ts';
import { addSimulateCommand } from './commands/simulate.ts';
import { exitCodes, type ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/** Runs the command in `args`. If the user can correct a fault, prints only its message, without a stack. */
export async function runTurnctl(
  args: readonly string[],
  environment: Environment,
  terminal: Terminal,
  version: string,
): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done;
  const program = new Command('turnctl')
    .description('Command-line tools for operators of turn-router.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(--help lists commands and options)')
    .configureHelp({ helpWidth: 100 })
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    });
  const end = (code: ExitCode) => {
    exitCode = code;
  };
  addSimulateCommand(program, terminal, end);
  addNodeTokenCommand(program, terminal, environment);
  addConfigCommand(program, terminal, environment);
  addKeysCommand(program, terminal, environment);
  addRevokeCommand(program, terminal, environment);
  addSecretsCommand(program, terminal, environment, end);
  addAuditCommand(program, terminal, environment);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.fault;
    if (!(error instanceof CommandFault)) throw error;
    terminal.stderr.write(`${error.message}\n`);
    return exitCodes.fault;
  }
  return exitCode;
}
