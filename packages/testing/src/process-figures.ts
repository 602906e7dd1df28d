import { readdir, readFile } from 'node:fs/promises';

export type ProcessFigures = {
  /** Resident memory, MiB. */
  readonly residentMib: number;
  /** The part of it that is no file, such as the program itself, MiB. */
  readonly anonymousMib: number;
  /** Open file descriptors. */
  readonly descriptors: number;
};

/** What Linux knows of a running process (proc(5)). Rejects when there is none of this id. */
export async function readProcessFigures(pid: number): Promise<ProcessFigures> {
  const [status, descriptors] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readdir(`/proc/${pid}/fd`),
  ]);
  const mib = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
  return { residentMib: mib('VmRSS'), anonymousMib: mib('RssAnon'), descriptors: descriptors.length };
}
