import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/**
 * Gives every thread of this process but the one that answers what that one leaves over. V8 collects garbage and compiles on threads of its
 * own, Node reads files on others; where cores are few they took turns with answers, some ms each.
 *
 * Linux has a priority for each thread (setpriority(2), C library/kernel differences). Elsewhere, or where it is refused, nothing changes.
 */
export function lowerBackgroundThreads(pid: number): void {
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
