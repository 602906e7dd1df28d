import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

export type ProcessToWatch = Pick<NodeJS.Process, 'pid' | 'cpuUsage'>;

/** After this processor time the often used code has been compiled, ms. Only then do the compiling threads get a low priority. */
const warmUpCpuMs = 8_000;

const checkIntervalMs = 1_000;

/**
 * Gives every thread except the main thread a low priority, once the process has run for a while. V8 collects garbage and compiles on its own
 * threads, and Node reads files on other threads. If there are few cores, these threads would delay each request by some ms.
 *
 * On Linux, each thread has its own priority (setpriority(2), C library/kernel differences). On other systems, or without permission, nothing
 * changes.
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
