import { recommendedCoturn, type CoturnVersion } from '@turn-router/stun';
import { turnNodeSettings, type Environment } from '@turn-router/settings';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { isIPv4 } from 'node:net';
import { coturnConfig } from '../config/coturn-config.ts';
import { parseCoturnVersion } from '../config/parse-coturn-version.ts';
import { eturnalConfig } from '../config/eturnal-config.ts';
import { readTurnServer, type ServerOptions } from '../config/read-turn-server.ts';
import { writeConfig } from '../config/write-config.ts';
import type { Terminal } from '../terminal.ts';

type ConfigOptions = ServerOptions & { readonly output?: string };

const explanation = `
Read from the environment, as the health-reporter of the node reads them:
  ${Object.keys(turnNodeSettings).join(' ')}
Without TURN_REALM the realm is TURN_HOSTNAME, else turn-router.
Secrets are read and written only with --with-secrets, from TURN_SECRETS, TURN_SECRET, TURN_CLI_PASSWORD or their _FILE twins.
Without it the server refuses to start until they are filled in, and coturn has no CLI.
`;

export function addConfigCommand(program: Command, terminal: Terminal, environment: Environment): void {
  const config = program
    .command('config')
    .summary('write the configuration of a TURN server')
    .description("Writes a TURN server's configuration from the settings of its node's health-reporter.");

  withServerOptions(config.command('coturn').summary('turnserver.conf'))
    .description('Writes a complete turnserver.conf for coturn 4.6 and later.')
    .addOption(
      new Option('--coturn-version <version>', 'of the coturn that will read it, as "turnserver --version" says')
        .argParser(parseCoturnVersion)
        .default(recommendedCoturn, recommendedCoturn.join('.')),
    )
    .action((options: ConfigOptions & { readonly coturnVersion: CoturnVersion }) => {
      const text = coturnConfig(readTurnServer(environment, options), options.coturnVersion, terminal.randomBytes);
      writeConfig(text, options.output, terminal.stdout);
    });

  withServerOptions(config.command('eturnal').summary('eturnal.yml'))
    .description('Writes a complete eturnal.yml for eturnal 1.12.')
    .action((options: ConfigOptions) => {
      writeConfig(eturnalConfig(readTurnServer(environment, options)), options.output, terminal.stdout);
    });
}

function withServerOptions(command: Command): Command {
  return command
    .option(
      '--relay-ip <address>',
      'IPv4 address of this host behind PUBLIC_IP, where a NAT stands in between',
      parseIpv4,
    )
    .option('--cert <file>', 'certificate and its chain, PEM; needed with TURN_TLS_PORT', parsePath)
    .option('--key <file>', 'its private key, PEM; needed with TURN_TLS_PORT', parsePath)
    .option('--with-secrets', 'write the secrets, too')
    .option('-o, --output <file>', 'instead of stdout; readable for its owner alone')
    .addHelpText('after', explanation);
}

function parseIpv4(text: string): string {
  if (!isIPv4(text)) throw new InvalidArgumentError('Expected an IPv4 address.');
  return text;
}

/** What neither server's syntax gives another meaning. */
function parsePath(text: string): string {
  if (!/^\/[\w./+@:-]+$/.test(text)) {
    throw new InvalidArgumentError('Expected an absolute path of letters, digits and "_./+@:-".');
  }
  return text;
}
