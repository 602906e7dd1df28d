import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startProcess } from '../../process/start-process.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { temporaryDirectory } from '../../fixtures/temporary-directory.ts';
import { enterNetwork, isUdpPortOpen } from '../../network/enter-network.ts';
import { acceptsConnections } from './accepts-connections.ts';
import { answersStun } from './answers-stun.ts';
import { drawRelayPorts } from './draw-relay-ports.ts';
import type { TurnServer } from './turn-server.ts';

export type CoturnOptions = {
  /** TURN REST secrets. coturn accepts credentials of any of them. */
  secrets: readonly string[];
  port?: number;
  realm?: string;
  /** Loopback address to listen and relay on. Default: 127.0.0.1; use `::1` for IPv6. */
  address?: string;
  /** Inclusive range of relay ports. Default: a hundred ports that another coturn on this machine is unlikely to use. */
  relayPorts?: { min: number; max: number };
  /** Makes coturn also listen for TLS on `port`, with these PEM files. */
  tls?: { port: number; certificateFile: string; privateKeyFile: string };
  /** Enables the telnet CLI on 127.0.0.1. The password may be hashed by `turnadmin -P`. Default: no CLI. */
  cli?: { port: number; password: string };
  /** Added to the environment of the process, such as a clock of its own. */
  environment?: Readonly<Record<string, string>>;
  /** Starts coturn in the network of this process, such as a host of `startRoutedNetwork`. Default: the network of the test. */
  network?: { readonly pid: number };
  /** Additional lines of turnserver.conf, such as `user-quota=2`. */
  config?: readonly string[];
};

export type CoturnServer = TurnServer & { readonly tlsPort: number | undefined };

/**
 * Starts a real coturn on loopback that accepts TURN REST credentials and relays between loopback addresses. It is ready when every
 * transport answers, because coturn accepts TCP connections before it opens its UDP sockets.
 */
export async function startCoturn(options: CoturnOptions): Promise<CoturnServer> {
  const { address = '127.0.0.1', realm = 'turn.test', relayPorts = drawRelayPorts(), tls, cli, network } = options;
  const port = options.port ?? (await freePort());
  const directory = await temporaryDirectory('coturn');
  const configFile = join(directory.path, 'turnserver.conf');
  const lines = [
    `listening-ip=${address}`,
    `relay-ip=${address}`,
    `listening-port=${port}`,
    `min-port=${relayPorts.min}`,
    `max-port=${relayPorts.max}`,
    'use-auth-secret',
    ...options.secrets.map((secret) => `static-auth-secret=${secret}`),
    `realm=${realm}`,
    'fingerprint',
    'allow-loopback-peers',
    ...(cli === undefined
      ? ['no-cli']
      : // Newer versions need `cli` to enable it; 4.6 ignores unknown settings.
        ['cli', 'cli-ip=127.0.0.1', `cli-port=${cli.port}`, `cli-password=${cli.password}`]),
    // With several addresses, 4.6 would also listen on the port after each listening port.
    'no-rfc5780',
    'no-dtls',
    ...(tls === undefined
      ? ['no-tls']
      : [`tls-listening-port=${tls.port}`, `cert=${tls.certificateFile}`, `pkey=${tls.privateKeyFile}`]),
    `userdb=${join(directory.path, 'turndb')}`,
    `pidfile=${join(directory.path, 'turnserver.pid')}`,
    'log-file=stdout',
    'simple-log',
    // Newer versions send the SOFTWARE attribute only with this setting; 4.6 ignores unknown settings.
    'software-attribute',
    ...(options.config ?? []),
  ];
  await writeFile(configFile, `${lines.join('\n')}\n`, { mode: 0o600 });

  const command = [...(network === undefined ? [] : enterNetwork(network)), turnserverProgram(), '-c', configFile];
  const server = await startProcess({
    name: `turnserver on port ${port}`,
    command: command[0] ?? '',
    args: command.slice(1),
    ...(options.environment !== undefined && { env: options.environment }),
    isReady: async () => {
      if (network !== undefined) return isUdpPortOpen(network, port);
      return (
        (await answersStun(address, port)) &&
        (await acceptsConnections(address, port)) &&
        (tls === undefined || (await acceptsConnections(address, tls.port)))
      );
    },
  });
  const stop = async (graceMs?: number): Promise<void> => {
    await server.stop(graceMs);
    await directory[Symbol.asyncDispose]();
  };
  return { ...server, address, port, tlsPort: tls?.port, realm, relayPorts, stop, [Symbol.asyncDispose]: () => stop() };
}

/** Returns the coturn that tests start: the one in TURNSERVER, such as a newer version, or else the one in the PATH. */
function turnserverProgram(): string {
  return process.env['TURNSERVER'] ?? 'turnserver';
}

/** Whether that coturn drains on SIGUSR1. It does since 4.6.3; older versions end immediately. */
export async function canTurnserverDrain(): Promise<boolean> {
  const { stdout } = await promisify(execFile)(turnserverProgram(), ['--version']);
  const [major = 0, minor = 0, patch = 0] = /\d+\.\d+\.\d+/.exec(stdout)?.[0].split('.').map(Number) ?? [];
  return major > 4 || (major === 4 && (minor > 6 || (minor === 6 && patch >= 3)));
}
