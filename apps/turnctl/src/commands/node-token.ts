import { readSettings, reporterTokenSetting, type Environment } from '@turn-router/settings';
import { nodeToken } from '@turn-router/turn-credentials';
import type { Command } from 'commander';
import { CommandFault } from '../command-fault.ts';
import { assertNodeName } from '../assert-node-name.ts';
import type { Terminal } from '../terminal.ts';

const explanation = `
Reads the router's token from REPORTER_TOKEN, or from the file in REPORTER_TOKEN_FILE. Set the output as REPORTER_TOKEN of the node's
health-reporter. With this token the health-reporter can report only for this node. The output is a secret. Routers need no change.

  REPORTER_TOKEN_FILE=/run/secrets/reporter-token turnctl node-token eu-central-1/node-01
`;

export function addNodeTokenCommand(program: Command, terminal: Terminal, environment: Environment): void {
  program
    .command('node-token')
    .summary('derive the token that one node needs to report over HTTPS')
    .description('Prints a token that allows reports to routers for one node only.')
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
