// Processor time as Linux counts it, process by process: whatever else is busy on the machine adds to nobody else's.
import { readdir, readFile } from 'node:fs/promises';

export const mainThread = 'main thread';

/**
 * User and system time of a process and of all its descendants since each began, of all their threads, µs. A thread that is working right
 * now has up to 4 ms more (`/proc/PID/task/TID/schedstat`, proc(5)), a thread that has ended none.
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
 * What each kind of thread of a process has taken, µs, by the name that the program gave it.
 *
 * @param {number} pid
 * @returns {Promise<Map<string, number>>}
 */
export async function processorUsByThread(pid) {
  /** @type {Map<string, number>} */
  const times = new Map();
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    const given = (await readUnlessEnded(`/proc/${pid}/task/${thread}/comm`)).trim();
    // The main one has the number of its process.
    const name = thread === `${pid}` ? mainThread : given;
    times.set(name, (times.get(name) ?? 0) + (await threadUs(pid, thread)));
  }
  return times;
}

/** Threads come and go while they are looked at. @param {string} path */
async function readUnlessEnded(path) {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    // @ts-expect-error -- the system's errors have a code
    if (['ENOENT', 'ESRCH'].includes(error.code)) return '';
    throw error;
  }
}
