// Reads the processor time that Linux counts for each process.
import { readdir, readFile } from 'node:fs/promises';

export const mainThread = 'main thread';

/**
 * Returns the user and system time of a process and all its descendants since their start, for all threads, µs. The true time of a running thread may
 * be up to 4 ms higher (`/proc/PID/task/TID/schedstat`, proc(5)). Ended threads are not counted.
 *
 * @param {number} pid
 * @returns {Promise<number>}
 */
export async function processorUs(pid) {
  const threads = await readdir(`/proc/${pid}/task`);
  const times = await Promise.all(threads.map((thread) => withChildrenUs(pid, thread)));
  return times.reduce((sum, us) => sum + us, 0);
}

/** @param {number} pid @param {string} thread */
async function withChildrenUs(pid, thread) {
  const [ownUs, children] = await Promise.all([
    threadUs(pid, thread),
    readUnlessEnded(`/proc/${pid}/task/${thread}/children`),
  ]);
  const ofChildren = await Promise.all((children.match(/\d+/g) ?? []).map((child) => processorUs(Number(child))));
  return ofChildren.reduce((sum, us) => sum + us, ownUs);
}

/** @param {number} pid @param {string} thread */
async function threadUs(pid, thread) {
  const schedstat = await readUnlessEnded(`/proc/${pid}/task/${thread}/schedstat`);
  return Number(schedstat.split(' ')[0]) / 1000;
}

/**
 * Returns the processor time of a process by thread name, µs.
 *
 * @param {number} pid
 * @returns {Promise<Map<string, number>>}
 */
export async function processorUsByThread(pid) {
  /** @type {Map<string, number>} */
  const times = new Map();
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    const given = (await readUnlessEnded(`/proc/${pid}/task/${thread}/comm`)).trim();
    // The main thread has the process id.
    const name = thread === `${pid}` ? mainThread : given;
    times.set(name, (times.get(name) ?? 0) + (await threadUs(pid, thread)));
  }
  return times;
}

/** Returns an empty string if the thread has ended meanwhile. @param {string} path */
async function readUnlessEnded(path) {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    // @ts-expect-error -- the system's errors have a code
    if (['ENOENT', 'ESRCH'].includes(error.code)) return '';
    throw error;
  }
}
