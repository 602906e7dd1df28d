import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { startProcess, type RunningProcess } from './start-process.ts';
import { temporaryDirectory } from './temporary-directory.ts';

export type CoturnOptions = {
  /** TURN REST secrets; coturn tries them all. */
  secrets: readonly string[];
  port?: number;
  realm?: string;
  /** Loopback address to listen and relay on; default 127.0.0.1, `::1` for IPv6. */
  address?: string;
  /** Inclusive range of relay ports; default 20000–20999, below Linux' own ephemeral ports. */
  relayPorts?: { min: number; max: number };
  /** PEM files; when given, coturn also listens for TLS on `port`. */
  tls?: { port: number; certificateFile: string; privateKeyFile: string };
  /** Further lines of turnserver.conf, such as `user-quota=2`. */
  config?: readonly string[];
};

export type CoturnServer = RunningProcess & {
  readonly address: string;
  readonly port: number;
  readonly tlsPort: number | undefined;
  readonly realm: string;
  readonly relayPorts: { readonly min: number; readonly max: number };
};

/** Starts a real coturn on loopback that accepts TURN REST credentials and relays between loopback addresses. */
export async function startCoturn(options: CoturnOptions): Promise<CoturnServer> {
  const { address = '127.0.0.1', realm = 'turn.test', relayPorts = { min: 20_000, max: 20_999 }, tls } = options;
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
    'no-cli',
    'no-dtls',
    ...(tls === undefined
      ? ['no-tls']
      : [`tls-listening-port=${tls.port}`, `cert=${tls.certificateFile}`, `pkey=${tls.privateKeyFile}`]),
    `userdb=${join(directory.path, 'turndb')}`,
    `pidfile=${join(directory.path, 'turnserver.pid')}`,
    'log-file=stdout',
    'simple-log',
    ...(options.config ?? []),
  ];
  await writeFile(configFile, `${lines.join('\n')}\n`, { mode: 0o600 });

  const server = await startProcess({
    name: `turnserver on port ${port}`,
    command: 'turnserver',
    args: ['-c', configFile],
    isReady: () => accepts(address, port),
  });
  const stop = async (graceMs?: number): Promise<void> => {
    await server.stop(graceMs);
    await directory[Symbol.asyncDispose]();
  };
  return { ...server, address, port, tlsPort: tls?.port, realm, relayPorts, stop, [Symbol.asyncDispose]: () => stop() };
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}
