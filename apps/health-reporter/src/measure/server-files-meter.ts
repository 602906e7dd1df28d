import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readText } from './read-text.ts';
import { parseRelaySockets } from './relay-sockets.ts';

export type ServerFiles = { readonly open: number; readonly limit: number };

/** Between two searches of all processes for one that is not there, or not to be seen. */
const searchEveryMs = 60_000;

/**
 * File descriptors of the TURN server and its limit of them: every allocation takes some. Undefined where the server's process cannot be
 * seen: another user's, or in another container.
 */
export type ServerFilesMeter = () => Promise<ServerFiles | undefined>;

/** @param turnPort the server is the process that has this UDP port */
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

/** As links in /proc/<pid>/fd name them (proc_pid_fd(5)). */
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

/** Nothing where it cannot be read: processes end, and others' are not to be seen. */
async function list(rootDirectory: string, path: string): Promise<string[]> {
  return readdir(join(rootDirectory, path)).catch(() => []);
}
