import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readText } from './read-text.ts';
import { parseRelaySockets } from './relay-sockets.ts';

export type ServerFiles = { readonly open: number; readonly limit: number };

/** The interval between two searches for the server's process, ms. A search reads all processes. */
const searchEveryMs = 60_000;

/**
 * Reads the number of open file descriptors of the TURN server, and its limit. Every allocation uses file descriptors. Undefined if the reporter
 * cannot see the server's process, because the process belongs to another user or runs in another container.
 */
export type ServerFilesMeter = () => Promise<ServerFiles | undefined>;

/** @param turnPort the UDP port by which the server's process is found */
export function createServerFilesMeter(
  rootDirectory: string,
  turnPort: number,
  monotonicMs: () => number,
): ServerFilesMeter {
  let pid: string | undefined;
  let searchedAtMs = -Infinity;
  return async () => {
    const files = pid === undefined ? undefined : await readFiles(rootDirectory, pid);
    if (files !== undefined) return files;
    pid = undefined;
    if (monotonicMs() - searchedAtMs < searchEveryMs) return undefined;
    searchedAtMs = monotonicMs();
    pid = await findProcess(rootDirectory, await socketsOn(rootDirectory, turnPort));
    return pid === undefined ? undefined : readFiles(rootDirectory, pid);
  };
}

async function readFiles(rootDirectory: string, pid: string): Promise<ServerFiles | undefined> {
  const limits = await readText(rootDirectory, `proc/${pid}/limits`);
  const limit = Number(/^Max open files +(\d+)/m.exec(limits ?? '')?.[1] ?? NaN);
  const open = (await list(rootDirectory, `proc/${pid}/fd`)).length;
  return open > 0 && limit > 0 ? { open, limit } : undefined;
}

/** Returns the names of the sockets on a UDP port, in the notation of links in /proc/<pid>/fd (proc_pid_fd(5)). */
async function socketsOn(rootDirectory: string, port: number): Promise<Set<string>> {
  const texts = await Promise.all(['udp', 'udp6'].map((name) => readText(rootDirectory, `proc/net/${name}`)));
  const sockets = texts.flatMap((text) => [...parseRelaySockets(text ?? '', { min: port, max: port }).keys()]);
  return new Set(sockets.map((socket) => `socket:[${socket.split(' ')[1] ?? ''}]`));
}

async function findProcess(rootDirectory: string, sockets: ReadonlySet<string>): Promise<string | undefined> {
  if (sockets.size === 0) return undefined;
  for (const pid of (await list(rootDirectory, 'proc')).filter((name) => /^\d+$/.test(name))) {
    for (const file of await list(rootDirectory, `proc/${pid}/fd`)) {
      const target = await readlink(join(rootDirectory, `proc/${pid}/fd`, file)).catch(() => '');
      if (sockets.has(target)) return pid;
    }
  }
  return undefined;
}

/** Lists a directory. Returns an empty list if the directory cannot be read: a process may have ended, or may belong to another user. */
async function list(rootDirectory: string, path: string): Promise<string[]> {
  return readdir(join(rootDirectory, path)).catch(() => []);
}
