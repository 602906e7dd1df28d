import { readdir, readFile } from 'node:fs/promises';

export type ProcessFigures = {
  /** Resident memory, MiB. */
  readonly residentMib: number;
  /** The part of resident memory that does not come from files, such as the program file, MiB. */
  readonly anonymousMib: number;
  /** Open file descriptors. */
  readonly descriptors: number;
  /** CPU time of all threads since the process started, user and system; seconds, in steps of 0.01. */
  readonly processorSeconds: number;
};

/** Indexes of utime and stime in /proc/<pid>/stat, counted from the field after the name (proc(5)). */
const userTicks = 11;
const systemTicks = 12;

/** The unit in which Linux reports CPU time to programs. It is the same on every machine. */
const ticksPerSecond = 100;

/** Reads the figures of a running process from /proc (proc(5)). Rejects if no process has this id. */
export async function readProcessFigures(pid: number): Promise<ProcessFigures> {
  const [status, stat, descriptors] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readdir(`/proc/${pid}/fd`),
  ]);
  // The second field, the program's name, may contain any character. It ends with the last parenthesis.
  const afterName = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
  const mib = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
  return {
    residentMib: mib('VmRSS'),
    anonymousMib: mib('RssAnon'),
    descriptors: descriptors.length,
    processorSeconds: (Number(afterName[userTicks]) + Number(afterName[systemTicks])) / ticksPerSecond,
  };
}
