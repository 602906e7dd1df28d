import { execFile } from 'node:child_process';
import { readlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { startProcess, type RunningProcess } from '../process/start-process.ts';
import { enterNetwork, type Network } from './enter-network.ts';

/** Starts a process with a network of its own. The network ends with the process. */
export async function startHolder(name: string): Promise<RunningProcess> {
  const own = await readlink('/proc/self/ns/net');
  let pid = 0;
  const holder = startProcess({
    name: `the host ${name}`,
    command: 'unshare',
    args: ['--net', 'sh', '-c', 'echo $$; exec sleep infinity'],
    async isReady(output) {
      pid = Number.parseInt(output, 10);
      return pid > 0 && (await readlink(`/proc/${pid}/ns/net`)) !== own;
    },
  });
  return { ...(await holder), pid };
}

const execute = promisify(execFile);

/** Runs a program in the network, and returns what it prints to stdout. */
export async function runIn(network: Network, command: string, ...args: readonly string[]): Promise<string> {
  const [program = '', ...words] = [...enterNetwork(network), command, ...args];
  return (await execute(program, words)).stdout;
}
