import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startProcess, type RunningProcess } from '../../process/start-process.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { temporaryDirectory } from '../../fixtures/temporary-directory.ts';

export type RedisServer = RunningProcess & {
  readonly port: number;
  readonly url: string;
  /** Runs a command with `redis-cli` and returns its output. */
  readonly cli: (...command: string[]) => Promise<string>;
};

/** Starts a real redis-server on a free loopback port. It saves nothing to disk. */
export async function startRedis(
  options: {
    port?: number;
    /** A redis.conf, which CONFIG REWRITE changes. The arguments override it. */
    configFile?: string;
    args?: readonly string[];
    env?: Readonly<Record<string, string>>;
  } = {},
): Promise<RedisServer> {
  const port = options.port ?? (await freePort());
  const directory = await temporaryDirectory('redis');
  const server = await startProcess({
    name: 'redis-server',
    command: 'redis-server',
    args: [
      ...(options.configFile === undefined ? [] : [options.configFile]),
      '--port',
      `${port}`,
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      directory.path,
      // A replica starts to copy immediately.
      '--repl-diskless-sync-delay',
      '0',
      ...(options.args ?? []),
    ],
    ...(options.env === undefined ? {} : { env: options.env }),
    isReady: (output) => output.includes('Ready to accept connections'),
  });
  const stop = async (graceMs?: number): Promise<void> => {
    await server.stop(graceMs);
    await directory[Symbol.asyncDispose]();
  };
  return {
    ...server,
    port,
    url: `redis://127.0.0.1:${port}`,
    cli: (...command) => redisCli(port, command),
    stop,
    [Symbol.asyncDispose]: () => stop(),
  };
}

/** Runs a command on a server on 127.0.0.1 and returns the output of `redis-cli`. It includes errors of Redis. */
export async function redisCli(port: number, command: readonly string[]): Promise<string> {
  return (await promisify(execFile)('redis-cli', ['-p', `${port}`, ...command])).stdout;
}
