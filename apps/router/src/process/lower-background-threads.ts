import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

export type ProcessToWatch = Pick<NodeJS.Process, 'pid' | 'cpuUsage'>;

/** Processor time after which the hot code has been compiled, ms. The compiling threads get their low priority only then. */
const warmUpCpuMs = 8_000;

const checkIntervalMs = 1_000;

/**
 * Gives every thread except the main thread a low priority once the process is warm. V8 collects garbage and compiles on its own threads, and
 * Node reads files on others. With few cores these threads would delay requests by some ms each.
 *
 * Linux has a priority for each thread (setpriority(2), C library/kernel differences). On other systems, or without permission, nothing changes.
 */
export function lowerBackgroundThreads(process: ProcessToWatch): void {
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage();
    if ((user + system) / 1000 < warmUpCpuMs) return;
    clearInterval(timer);
    lowerNow(process.pid);
  }, checkIntervalMs).unref();
}

function lowerNow(pid: number): void {
  for (const thread of threadsOf(pid)) {
    if (thread === pid) continue;
    try {
      setPriority(thread, constants.priority.PRIORITY_LOW);
    } catch {
      // The thread has ended, or the system refuses the change.
    }
  }
}

/** Returns the thread ids of a process. The main thread has the process id. */
function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}
