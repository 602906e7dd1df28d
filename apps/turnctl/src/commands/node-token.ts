import { readSettings, reporterTokenSetting, type Environment } from '@turn-router/settings';
import { nodeToken } from '@turn-router/turn-credentials';
import type { Command } from 'commander';
import { CommandFault } from '../command-fault.ts';
import { assertNodeName } from '../node-name.ts';
import type { Terminal } from '../terminal.ts';

const explanation = `
The router's token is read from REPORTER_TOKEN or from the file that REPORTER_TOKEN_FILE names. What is printed is a secret as well: it is
the node's REPORTER_TOKEN, with which it can report for itself and for no other. Routers need not be told.

  REPORTER_TOKEN_FILE=/run/secrets/reporter-token turnctl node-token eu-central-1/node-01
`;

export function addNodeTokenCommand(program: Command, terminal: Terminal, environment: Environment): void {
  program
    .command('node-token')
    .summary('make the token with which one node reports over HTTPS')
    .description('Prints the token with which one node, and no other, reports to routers.')
    .argument('<REGION/ID>', 'the node')
    .addHelpText('after', explanation)
    .action((node: string) => {
      assertNodeName(node);
      terminal.stdout.write(`${nodeToken(readReporterToken(environment), node)}\n`);
    });
}

function readReporterToken(environment: Environment): string {
  const read = readSettings(
    {
      settings: { REPORTER_TOKEN: { meaning: 'The router’s', ...reporterTokenSetting, required: true } },
      findFaults: () => [],
      configFrom: ({ REPORTER_TOKEN }) => REPORTER_TOKEN,
    },
    environment,
  );
  if (!read.ok) throw new CommandFault(read.faults.map(({ field, detail }) => `${field}: ${detail}`).join('\n'));
  return read.config;
}
