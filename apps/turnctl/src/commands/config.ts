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
Reads the same environment variables as the node's health-reporter:
  ${Object.keys(turnNodeSettings).join(' ')}
The default of TURN_REALM is TURN_HOSTNAME. If TURN_HOSTNAME is not set, the default is turn-router.
The command reads and writes secrets only with --with-secrets. The secrets are TURN_SECRETS or TURN_SECRET, TURN_CLI_PASSWORD, and their _FILE variants.
With --redis-userdb, the file contains COTURN_REDIS_URL instead of TURN_SECRETS; "turnctl secrets store" writes the secrets into that Redis.
Without --with-secrets, the server does not start until you add the secrets to the file, and coturn's CLI is off.
`;

export function addConfigCommand(program: Command, terminal: Terminal, environment: Environment): void {
  const config = program
    .command('config')
    .summary('write the configuration file of a TURN server')
    .description("Writes a TURN server's configuration from the settings of its node's health-reporter.");

  withServerOptions(config.command('coturn').summary('turnserver.conf'))
    .description('Writes a complete turnserver.conf for coturn 4.6 and later.')
    .addOption(
      new Option(
        '--coturn-version <version>',
        'version of the coturn that will read the file; "turnserver --version" prints it',
      )
        .argParser(parseCoturnVersion)
        .default(recommendedCoturn, recommendedCoturn.join('.')),
    )
    .option(
      '--redis-userdb',
      'let coturn read its secrets from the Redis in COTURN_REDIS_URL, so that they change without a restart; needs --with-secrets',
    )
    .action((options: ConfigOptions & { readonly coturnVersion: CoturnVersion }) => {
      const text = coturnConfig(
        readTurnServer(environment, options, terminal.stderr),
        options.coturnVersion,
        terminal.randomBytes,
      );
      writeConfig(text, options.output, terminal.stdout);
    });

  withServerOptions(config.command('eturnal').summary('eturnal.yml'))
    .description('Writes a complete eturnal.yml for eturnal 1.12.')
    .action((options: ConfigOptions) => {
      writeConfig(
        eturnalConfig(readTurnServer(environment, options, terminal.stderr)),
        options.output,
        terminal.stdout,
      );
    });
}

function withServerOptions(command: Command): Command {
  return command
    .option(
      '--relay-ip <address>',
      'IPv4 address of the TURN server, if it is behind a NAT that has the address PUBLIC_IP',
      parseIpv4,
    )
    .option('--cert <file>', 'PEM file with the certificate and its chain; required with TURN_TLS_PORT', parsePath)
    .option('--key <file>', 'PEM file with the private key of the certificate; required with TURN_TLS_PORT', parsePath)
    .option('--with-secrets', 'write the secrets into the file')
    .option('-o, --output <file>', 'write to this file instead of stdout; only the owner of the file can read it')
    .addHelpText('after', explanation);
}

function parseIpv4(text: string): string {
  if (!isIPv4(text)) throw new InvalidArgumentError('Expected an IPv4 address.');
  return text;
}

/** Accepts only characters that have no special meaning in the configuration of coturn or eturnal. */
function parsePath(text: string): string {
  if (!/^\/[\w./+@:-]+$/.test(text)) {
    throw new InvalidArgumentError('Expected an absolute path of letters, digits and "_./+@:-".');
  }
  return text;
}
