import { sendBinding } from '@turn-router/stun';
import { freePort, startProcess, temporaryDirectory } from '@turn-router/testing';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { north, runConfig, south } from './run-config.fixture.ts';

export type GeneratedCoturnOptions = {
  /** Settings to add to those of a node on loopback. */
  environment?: Readonly<Record<string, string>>;
  args?: readonly string[];
  /** Lines to add to the configuration that only tests use. */
  addition?: readonly string[];
};

/** Returns the version of the coturn on this machine. */
export async function installedCoturn(): Promise<string> {
  return (await promisify(execFile)('turnserver', ['--version'])).stdout.trim();
}

/** Starts coturn with the configuration that `turnctl` writes for a node on loopback, and with its own database and pid file. */
export async function startGeneratedCoturn({ environment, args = [], addition = [] }: GeneratedCoturnOptions = {}) {
  const directory = await temporaryDirectory('generated-coturn');
  const port = await freePort();
  const node = {
    PUBLIC_IP: '127.0.0.1',
    PUBLIC_IPV6: '::1',
    TURN_PORT: `${port}`,
    RELAY_MIN_PORT: '32200',
    RELAY_MAX_PORT: '32299',
    TURN_SECRETS: `b=${south},a=${north}`,
    ...environment,
  };
  const version = ['--coturn-version', await installedCoturn()];
  const { stdout, stderr } = await runConfig(node, 'coturn', ...version, '--with-secrets', ...args);
  if (stderr !== '') throw new Error(stderr);
  const file = join(directory.path, 'turnserver.conf');
  // coturn has one database only, and the last setting wins.
  const userdb = stdout.includes('redis-userdb=') ? [] : [`userdb=${join(directory.path, 'turndb')}`];
  const own = [...userdb, `pidfile=${join(directory.path, 'turnserver.pid')}`];
  await writeFile(file, [stdout, ...own, ...addition, ''].join('\n'), { mode: 0o600 });
  const server = { host: '127.0.0.1', port, transport: 'udp' } as const;
  const running = await startProcess({
    name: 'turnserver',
    command: 'turnserver',
    args: ['-c', file],
    isReady: () =>
      sendBinding({ ...server, transport: 'tcp' }, { timeoutMs: 1_000 })
        .then(() => sendBinding(server, { timeoutMs: 1_000 }))
        .then(
          () => true,
          () => false,
        ),
  });
  const stop = async () => {
    await running.stop();
    await directory[Symbol.asyncDispose]();
  };
  return { ...running, server, [Symbol.asyncDispose]: stop };
}
