import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readText } from './read-text.ts';
import { inodeOf, parseRelaySockets } from './relay-sockets.ts';

/** The interval between two searches for the server's process, ms. A search reads all processes. */
const searchEveryMs = 60_000;

/**
 * Returns the id of the TURN server's process: the process with a UDP socket on the TURN port. Undefined if the reporter cannot see this process,
 * because the process belongs to another user or runs in another container.
 */
export type ServerProcess = () => Promise<string | undefined>;

/** The open TURN socket of the process. While the file number shows this socket, the process is the same. */
type Found = { readonly pid: string; readonly path: string; readonly socket: string };

export function createServerProcess(rootDirectory: string, turnPort: number, monotonicMs: () => number): ServerProcess {
  let found: Promise<Found | undefined> = Promise.resolve(undefined);
  let searchedAtMs = -Infinity;

  async function check(before: Promise<Found | undefined>): Promise<Found | undefined> {
    const known = await before;
    if (known !== undefined && (await linkOf(rootDirectory, known.path)) === known.socket) return known;
    if (monotonicMs() - searchedAtMs < searchEveryMs) return undefined;
    searchedAtMs = monotonicMs();
    return findProcess(rootDirectory, await socketsOn(rootDirectory, turnPort));
  }

  return async () => {
    // Calls run one after the other, so that two meters share a search.
    found = check(found);
    return (await found)?.pid;
  };
}

/** Returns the names of the sockets on a UDP port, in the notation of links in /proc/<pid>/fd (proc_pid_fd(5)). */
async function socketsOn(rootDirectory: string, port: number): Promise<Set<string>> {
  const texts = await Promise.all(['udp', 'udp6'].map((name) => readText(rootDirectory, `proc/net/${name}`)));
  const sockets = texts.flatMap((text) => [...parseRelaySockets(text ?? '', { min: port, max: port }).keys()]);
  return new Set(sockets.map((socket) => `socket:[${inodeOf(socket)}]`));
}

async function findProcess(rootDirectory: string, sockets: ReadonlySet<string>): Promise<Found | undefined> {
  if (sockets.size === 0) return undefined;
  for (const pid of (await listDirectory(rootDirectory, 'proc')).filter((name) => /^\d+$/.test(name))) {
    for (const file of await listDirectory(rootDirectory, `proc/${pid}/fd`)) {
      const path = `proc/${pid}/fd/${file}`;
      const socket = await linkOf(rootDirectory, path);
      if (sockets.has(socket)) return { pid, path, socket };
    }
  }
  return undefined;
}

/** Returns the target of a link; the empty text if it cannot be read. */
async function linkOf(rootDirectory: string, path: string): Promise<string> {
  return readlink(join(rootDirectory, path)).catch(() => '');
}

/** Lists a directory. Returns an empty list if the directory cannot be read: a process may have ended, or may belong to another user. */
export async function listDirectory(rootDirectory: string, path: string): Promise<string[]> {
  return readdir(join(rootDirectory, path)).catch(() => []);
}
