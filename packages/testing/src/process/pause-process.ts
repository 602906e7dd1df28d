import { readdir, readFile } from 'node:fs/promises';
import { eventually } from '../fixtures/eventually.ts';
import type { RunningProcess } from './start-process.ts';

/**
 * Pauses a process with SIGSTOP until it gets SIGCONT. Waits until every thread has stopped, because a thread on another core continues
 * briefly.
 */
export async function pauseProcess(process: Pick<RunningProcess, 'pid' | 'signal'>): Promise<void> {
  process.signal('SIGSTOP');
  const tasks = `/proc/${process.pid}/task`;
  await eventually('every thread to stop', async () => {
    const states = (await readdir(tasks)).map((task) => readFile(`${tasks}/${task}/status`, 'utf8'));
    return (await Promise.all(states)).every((state) => /^State:\s+T/m.test(state));
  });
}
