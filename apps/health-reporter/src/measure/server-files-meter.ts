import { readText } from './read-text.ts';
import { listDirectory, type ServerProcess } from './server-process.ts';

export type ServerFiles = { readonly open: number; readonly limit: number };

/**
 * Reads the number of open file descriptors of the TURN server, and its limit. Every allocation uses file descriptors. Undefined if the reporter
 * cannot see the server's process.
 */
export type ServerFilesMeter = () => Promise<ServerFiles | undefined>;

export function createServerFilesMeter(rootDirectory: string, serverProcess: ServerProcess): ServerFilesMeter {
  return async () => {
    const pid = await serverProcess();
    if (pid === undefined) return undefined;
    const limits = await readText(rootDirectory, `proc/${pid}/limits`);
    const limit = Number(/^Max open files +(\d+)/m.exec(limits ?? '')?.[1] ?? NaN);
    const open = (await listDirectory(rootDirectory, `proc/${pid}/fd`)).length;
    return open > 0 && limit > 0 ? { open, limit } : undefined;
  };
}
