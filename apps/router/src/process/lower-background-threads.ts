import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

export type ProcessToWatch = Pick<NodeJS.Process, 'pid' | 'cpuUsage'>;

/** Processor time after which what is run has been compiled, by the very threads that stand back from then on, ms. */
const warmUpCpuMs = 8_000;

const lookIntervalMs = 1_000;

/**
 * Gives every thread of this process but the one that answers what that one leaves over, once the process is warm. V8 collects garbage and
 * compiles on threads of its own, Node reads files on others; where cores are few they take turns with answers, some ms each.
 *
 * Linux has a priority for each thread (setpriority(2), C library/kernel differences). Elsewhere, or where it is refused, nothing changes.
 */
export function lowerBackgroundThreads(process: ProcessToWatch): void {
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage();
    if ((user + system) / 1000 < warmUpCpuMs) return;
    clearInterval(timer);
    lowerNow(process.pid);
  }, lookIntervalMs).unref();
}

function lowerNow(pid: number): void {
  for (const thread of threadsOf(pid)) {
    if (thread === pid) continue;
    try {
      setPriority(thread, constants.priority.PRIORITY_LOW);
    } catch {
      // It has ended meanwhile, or the system does not let us.
    }
  }
}

/** The first has the number of its process. */
function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}
