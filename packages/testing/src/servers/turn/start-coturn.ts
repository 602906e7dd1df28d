import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startProcess } from '../../process/start-process.ts';
import { freePort } from '../../surroundings/free-port.ts';
import { temporaryDirectory } from '../../surroundings/temporary-directory.ts';
import { acceptsConnections } from './accepts-connections.ts';
import { answersBinding } from './answers-binding.ts';
import { drawRelayPorts } from './draw-relay-ports.ts';
import type { TurnServer } from './turn-server.ts';

export type CoturnOptions = {
  /** TURN REST secrets; coturn tries them all. */
  secrets: readonly string[];
  port?: number;
  realm?: string;
  /** Loopback address to listen and relay on; default 127.0.0.1, `::1` for IPv6. */
  address?: string;
  /** Inclusive range of relay ports; default a hundred that hardly any other coturn of this machine draws. */
  relayPorts?: { min: number; max: number };
  /** PEM files; when given, coturn also listens for TLS on `port`. */
  tls?: { port: number; certificateFile: string; privateKeyFile: string };
  /** Its telnet CLI, on 127.0.0.1; default: none. The password may be in the form of `turnadmin -P`. */
  cli?: { port: number; password: string };
  /** Further lines of turnserver.conf, such as `user-quota=2`. */
  config?: readonly string[];
};

export type CoturnServer = TurnServer & { readonly tlsPort: number | undefined };

/**
 * Starts a real coturn on loopback that accepts TURN REST credentials and relays between loopback addresses. Ready on every transport:
 * coturn takes TCP connections before it has its UDP sockets.
 */
export async function startCoturn(options: CoturnOptions): Promise<CoturnServer> {
  const { address = '127.0.0.1', realm = 'turn.test', relayPorts = drawRelayPorts(), tls, cli } = options;
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
      : // Newer ones have it only then; 4.6 passes over what it does not know.
        ['cli', 'cli-ip=127.0.0.1', `cli-port=${cli.port}`, `cli-password=${cli.password}`]),
    // With several addresses 4.6 would take the port beside each of its own, too.
    'no-rfc5780',
    'no-dtls',
    ...(tls === undefined
      ? ['no-tls']
      : [`tls-listening-port=${tls.port}`, `cert=${tls.certificateFile}`, `pkey=${tls.privateKeyFile}`]),
    `userdb=${join(directory.path, 'turndb')}`,
    `pidfile=${join(directory.path, 'turnserver.pid')}`,
    'log-file=stdout',
    'simple-log',
    // Newer ones say their name only then; 4.6 passes over what it does not know.
    'software-attribute',
    ...(options.config ?? []),
  ];
  await writeFile(configFile, `${lines.join('\n')}\n`, { mode: 0o600 });

  const server = await startProcess({
    name: `turnserver on port ${port}`,
    command: turnserverProgram(),
    args: ['-c', configFile],
    isReady: async () =>
      (await answersBinding(address, port)) &&
      (await acceptsConnections(address, port)) &&
      (tls === undefined || (await acceptsConnections(address, tls.port))),
  });
  const stop = async (graceMs?: number): Promise<void> => {
    await server.stop(graceMs);
    await directory[Symbol.asyncDispose]();
  };
  return { ...server, address, port, tlsPort: tls?.port, realm, relayPorts, stop, [Symbol.asyncDispose]: () => stop() };
}

/** The coturn that tests start: that of the PATH, or what TURNSERVER names, such as a newer one. */
function turnserverProgram(): string {
  return process.env['TURNSERVER'] ?? 'turnserver';
}

/** Whether that coturn can drain, on SIGUSR1: since 4.6.3; others end at once. */
export async function canTurnserverDrain(): Promise<boolean> {
  const { stdout } = await promisify(execFile)(turnserverProgram(), ['--version']);
  const [major = 0, minor = 0, patch = 0] = /\d+\.\d+\.\d+/.exec(stdout)?.[0].split('.').map(Number) ?? [];
  return major > 4 || (major === 4 && (minor > 6 || (minor === 6 && patch >= 3)));
}
