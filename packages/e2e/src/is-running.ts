import { readFileSync } from 'node:fs';

/** Whether a process runs. A zombie does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // proc_pid_stat(5): the state follows the name, which is in parentheses.
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    // A system without /proc: the process exists, because kill did not fail.
    return error instanceof Error && 'path' in error && process.platform !== 'linux';
  }
}
