import type { CpuSample } from './counter-rates.ts';
import { readText } from './read-text.ts';

type LimitedUse = { readonly usedSeconds: number; readonly cpus: number };

/**
 * Reads the CPU use and the CPU quota of this process's cgroup, v2 or v1. Undefined without a quota, because the node may then use the whole
 * machine.
 */
export async function readCgroupCpu(rootDirectory: string, monotonicMs: number): Promise<CpuSample | undefined> {
  const own = await readText(rootDirectory, 'proc/self/cgroup');
  if (own === undefined) return undefined;
  const use = (await readVersion2(rootDirectory, own)) ?? (await readVersion1(rootDirectory, own));
  return use === undefined ? undefined : { ...use, elapsedSeconds: monotonicMs / 1000 };
}

/** `cpu.max` holds `<quota µs> <period µs>` or `max <period µs>` (cgroup-v2.rst, "CPU Interface Files"). */
async function readVersion2(rootDirectory: string, own: string): Promise<LimitedUse | undefined> {
  for (const directory of cgroupDirectories(own, '')) {
    const max = await readText(rootDirectory, `${directory}/cpu.max`);
    const stat = await readText(rootDirectory, `${directory}/cpu.stat`);
    const [quota, period] = (max ?? '').trim().split(' ');
    const usedMicroseconds = /^usage_usec (\d+)$/m.exec(stat ?? '')?.[1];
    const use = limitedUse(Number(usedMicroseconds) / 1e6, Number(quota) / Number(period));
    if (use !== undefined) return use;
  }
  return undefined;
}

/** The value -1 means that there is no quota (sched-bwc.rst). `cpuacct.usage` counts nanoseconds (cpuacct.rst). */
async function readVersion1(rootDirectory: string, own: string): Promise<LimitedUse | undefined> {
  const usageDirectories = cgroupDirectories(own, 'cpuacct');
  for (const [index, directory] of cgroupDirectories(own, 'cpu').entries()) {
    const quota = await readText(rootDirectory, `${directory}/cpu.cfs_quota_us`);
    const period = await readText(rootDirectory, `${directory}/cpu.cfs_period_us`);
    const usage = await readText(rootDirectory, `${usageDirectories[index] ?? ''}/cpuacct.usage`);
    const use = limitedUse(Number(usage) / 1e9, Number(quota) / Number(period));
    if (use !== undefined) return use;
  }
  return undefined;
}

/** The arguments are NaN if their values could not be read. */
function limitedUse(usedSeconds: number, cpus: number): LimitedUse | undefined {
  return Number.isFinite(usedSeconds) && Number.isFinite(cpus) && cpus > 0 ? { usedSeconds, cpus } : undefined;
}

/**
 * Returns the directories that may have the files of a process's cgroup, from the text of /proc/self/cgroup (cgroups(7)). The most likely
 * directory comes first. In a container the text often has the host's path, but the container's cgroup is mounted at the root. So the root is
 * the second directory.
 *
 * @param controller a controller of cgroup v1, such as `cpuacct`; the empty text for cgroup v2
 */
export function cgroupDirectories(procSelfCgroup: string, controller: string): string[] {
  const mount = controller === '' ? 'sys/fs/cgroup' : `sys/fs/cgroup/${controller}`;
  for (const line of procSelfCgroup.split('\n')) {
    const [, controllers, ...path] = line.split(':');
    if (controllers?.split(',').includes(controller)) return [`${mount}${path.join(':').replace(/\/$/, '')}`, mount];
  }
  return [];
}
