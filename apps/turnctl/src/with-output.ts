import { Option, type Command } from 'commander';

export type Output = { readonly output: 'text' | 'json' };

export function withOutput(command: Command): Command {
  return command.addOption(
    new Option('-o, --output <format>', 'format on stdout').choices(['text', 'json']).default('text'),
  );
}
