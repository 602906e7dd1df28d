import type { CpuSample } from './cpu-percent.ts';
import { parseProcStat } from './parse-proc-stat.ts';
import { readCgroupCpu } from './read-cgroup-cpu.ts';
import { readText } from './read-text.ts';

/** `auto`: the cgroup where a quota limits it, else the machine. `machine`: always the machine. */
export type CpuScope = 'auto' | 'machine';

export type CpuReader = { readonly source: 'cgroup' | '/proc/stat'; read(): Promise<CpuSample | undefined> };

/** Decides once, since figures of two sources cannot be compared with each other. */
export async function chooseCpuReader(
  rootDirectory: string,
  scope: CpuScope,
  monotonicMs: () => number,
): Promise<CpuReader> {
  const readMachine = async () => parseProcStat((await readText(rootDirectory, 'proc/stat')) ?? '');
  const readCgroup = async () => {
    const use = await readCgroupCpu(rootDirectory, monotonicMs());
    const machine = await readMachine();
    // A quota may exceed the machine.
    return use && { ...use, cpus: Math.min(use.cpus, machine?.cpus ?? use.cpus) };
  };
  return scope === 'auto' && (await readCgroup()) !== undefined
    ? { source: 'cgroup', read: readCgroup }
    : { source: '/proc/stat', read: readMachine };
}
