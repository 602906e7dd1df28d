import { readdir, readFile } from 'node:fs/promises';

export type ProcessFigures = {
  /** Resident memory, MiB. */
  readonly residentMib: number;
  /** The part of it that is no file, such as the program itself, MiB. */
  readonly anonymousMib: number;
  /** Open file descriptors. */
  readonly descriptors: number;
  /** Processor time since it began, of all its threads, user and system; seconds, in steps of 0.01. */
  readonly processorSeconds: number;
};

/** Places of utime and stime in /proc/<pid>/stat, counted from behind the name (proc(5)). */
const userTicks = 11;
const systemTicks = 12;

/** What every Linux counts processor time in, to programs. */
const ticksPerSecond = 100;

/** What Linux knows of a running process (proc(5)). Rejects when there is none of this id. */
export async function readProcessFigures(pid: number): Promise<ProcessFigures> {
  const [status, stat, descriptors] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readdir(`/proc/${pid}/fd`),
  ]);
  // The second field, the program's name, may hold anything but ends with the last parenthesis.
  const afterName = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
  const mib = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
  return {
    residentMib: mib('VmRSS'),
    anonymousMib: mib('RssAnon'),
    descriptors: descriptors.length,
    processorSeconds: (Number(afterName[userTicks]) + Number(afterName[systemTicks])) / ticksPerSecond,
  };
}
