import { readFileSync } from 'node:fs';

/** Whether a process runs. One that has ended, and only waits for its parent to take notice, does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // proc_pid_stat(5): the state follows the name, which stands in parentheses.
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    // A system without /proc.
    return error instanceof Error && 'path' in error && process.platform !== 'linux';
  }
}
