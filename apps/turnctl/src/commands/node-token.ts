import { readSettings, reporterTokenSetting, type Environment } from '@turn-router/settings';
import { nodeToken } from '@turn-router/turn-credentials';
import type { Command } from 'commander';
import { CommandFault } from '../command-fault.ts';
import { assertNodeName } from '../assert-node-name.ts';
import type { Terminal } from '../terminal.ts';

const explanation = `
Reads the router's token from REPORTER_TOKEN, or from the file in REPORTER_TOKEN_FILE. The output is a secret as well: it is the
REPORTER_TOKEN of the node, with which it can report only for itself. Routers need no change.

  REPORTER_TOKEN_FILE=/run/secrets/reporter-token turnctl node-token eu-central-1/node-01
`;

export function addNodeTokenCommand(program: Command, terminal: Terminal, environment: Environment): void {
  program
    .command('node-token')
    .summary('derive the token with which one node reports over HTTPS')
    .description('Prints the token with which one node, and no other, reports to routers.')
    .argument('<REGION/ID>', 'name of the node')
    .addHelpText('after', explanation)
    .action((node: string) => {
      assertNodeName(node);
      terminal.stdout.write(`${nodeToken(readReporterToken(environment), node)}\n`);
    });
}

function readReporterToken(environment: Environment): string {
  const read = readSettings(
    {
      settings: { REPORTER_TOKEN: { meaning: 'Token of the router', ...reporterTokenSetting, required: true } },
      findFaults: () => [],
      configFrom: ({ REPORTER_TOKEN }) => REPORTER_TOKEN,
    },
    environment,
  );
  if (!read.ok) throw new CommandFault(read.faults.map(({ field, detail }) => `${field}: ${detail}`).join('\n'));
  return read.config;
}
