import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { listDirectory, type ServerProcess } from './server-process.ts';

/**
 * Returns those of the given sockets (their inodes) that are known to belong to another program than the TURN server. While the server's process
 * is invisible, new sockets count as the server's.
 */
export type ForeignSockets = (inodes: ReadonlySet<string>) => Promise<ReadonlySet<string>>;

/**
 * Compares the inodes with the open files of the server's process (proc_pid_fd(5)). A socket keeps its owner, so each socket is looked up once.
 */
export function createForeignSockets(rootDirectory: string, serverProcess: ServerProcess): ForeignSockets {
  const own = new Set<string>();
  const foreign = new Set<string>();
  /** The inode of each relay socket, by the number of its open file. */
  const files = new Map<string, string>();

  /** Returns the inodes of the open sockets of a process. Files that show a relay socket that still exists are not read again. */
  async function socketsOf(pid: string, inodes: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const sockets = new Set<string>();
    for (const file of await listDirectory(rootDirectory, `proc/${pid}/fd`)) {
      const path = `proc/${pid}/fd/${file}`;
      const known = files.get(path);
      const inode = known !== undefined && inodes.has(known) ? known : readInode(rootDirectory, path);
      if (inode === undefined) continue;
      sockets.add(inode);
      if (inodes.has(inode)) files.set(path, inode);
    }
    for (const [path, inode] of files) if (!inodes.has(inode)) files.delete(path);
    return sockets;
  }

  return async (inodes) => {
    for (const known of [own, foreign]) for (const inode of known) if (!inodes.has(inode)) known.delete(inode);
    const unknown = [...inodes].filter((inode) => !own.has(inode) && !foreign.has(inode));
    const pid = unknown.length === 0 ? undefined : await serverProcess();
    if (pid === undefined) return foreign;
    const sockets = await socketsOf(pid, inodes);
    // The process has just ended, or its files are no longer readable.
    if (sockets.size === 0) return foreign;
    for (const inode of unknown) (sockets.has(inode) ? own : foreign).add(inode);
    return foreign;
  };
}

/** Reads synchronously, because the kernel answers from memory: an asynchronous read of thousands of links would cost ten times as much. */
function readInode(rootDirectory: string, path: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(join(rootDirectory, path)))?.[1];
  } catch {
    return undefined;
  }
}
