// Processor time as Linux counts it, process by process: whatever else is busy on the machine adds to nobody else's.
import { readdir, readFile } from 'node:fs/promises';

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
    readFile(`/proc/${pid}/task/${thread}/children`, 'utf8'),
  ]);
  const ofChildren = await Promise.all((children.match(/\d+/g) ?? []).map((child) => processorUs(Number(child))));
  return ofChildren.reduce((sum, us) => sum + us, ownUs);
}

/** The same of one thread alone. The main one has the number of its process. @param {number} pid @param {number | string} thread */
export async function threadUs(pid, thread) {
  const schedstat = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8');
  return Number(schedstat.split(' ')[0]) / 1000;
}
