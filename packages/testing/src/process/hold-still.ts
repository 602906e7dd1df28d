import { readdir, readFile } from 'node:fs/promises';
import { eventually } from '../surroundings/eventually.ts';
import type { RunningProcess } from './start-process.ts';

/** Stops a process until it gets SIGCONT. SIGSTOP alone is under way for a moment, in which a thread on another core still answers. */
export async function holdStill(process: Pick<RunningProcess, 'pid' | 'signal'>): Promise<void> {
  process.signal('SIGSTOP');
  const tasks = `/proc/${process.pid}/task`;
  await eventually('every thread to stand still', async () => {
    const states = (await readdir(tasks)).map((task) => readFile(`${tasks}/${task}/status`, 'utf8'));
    return (await Promise.all(states)).every((state) => /^State:\s+T/m.test(state));
  });
}
