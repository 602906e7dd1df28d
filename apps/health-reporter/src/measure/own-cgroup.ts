import type { CpuSample } from './counter-rates.ts';
import { readText } from './read-text.ts';

/** The directories of one cgroup below the root directory. In version 2 all of them are the same. */
export type Cgroup = {
  readonly version: 1 | 2;
  readonly quota: string;
  readonly cpuset: string;
  readonly usage: string;
};

/**
 * Finds the cgroup whose limit applies to this process: the one with the smallest CPU quota or cpuset among its own cgroup and the parents. If
 * several have the same limit, the outermost one is taken, because its processes share the limit. Undefined without a limit: the node may then use
 * the whole machine.
 *
 * @param machineCpus the CPUs of the machine; a cpuset with all of them is no limit
 */
export async function findLimitedCgroup(rootDirectory: string, machineCpus: number): Promise<Cgroup | undefined> {
  const own = (await readText(rootDirectory, 'proc/self/cgroup')) ?? '';
  let found: Cgroup | undefined;
  let smallest = Infinity;
  for (const cgroup of [...cgroupsVersion2(own), ...cgroupsVersion1(own)]) {
    const cpus = await limitOf(rootDirectory, cgroup, machineCpus);
    if (cpus === undefined || cpus > smallest || (await usedSecondsOf(rootDirectory, cgroup)) === undefined) continue;
    found = cgroup;
    smallest = cpus;
  }
  return found;
}

/** Reads the CPU use of a cgroup, and the CPUs that it may use. Undefined if the use cannot be read. */
export async function readCgroupCpu(
  rootDirectory: string,
  cgroup: Cgroup,
  machineCpus: number,
  monotonicMs: number,
): Promise<CpuSample | undefined> {
  const usedSeconds = await usedSecondsOf(rootDirectory, cgroup);
  if (usedSeconds === undefined) return undefined;
  // A quota may be larger than the machine.
  const cpus = Math.min(machineCpus, (await limitOf(rootDirectory, cgroup, machineCpus)) ?? Infinity);
  return { usedSeconds, elapsedSeconds: monotonicMs / 1000, cpus };
}

/** The number of CPUs that a cgroup may use at once, by its quota or its cpuset; undefined without a limit. */
async function limitOf(rootDirectory: string, cgroup: Cgroup, machineCpus: number): Promise<number | undefined> {
  const cpuset = parseCpuList((await readText(rootDirectory, cpusetFile(cgroup))) ?? '');
  const quota = await quotaOf(rootDirectory, cgroup);
  const limits = [quota, cpuset !== undefined && cpuset < machineCpus ? cpuset : undefined];
  const known = limits.filter((cpus) => cpus !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

function cpusetFile({ version, cpuset }: Cgroup): string {
  return version === 2 ? `${cpuset}/cpuset.cpus.effective` : `${cpuset}/cpuset.effective_cpus`;
}

/**
 * Version 2: `cpu.max` holds `<quota µs> <period µs>` or `max <period µs>` (cgroup-v2.rst, "CPU Interface Files"). Version 1: the value -1 means that
 * there is no quota (sched-bwc.rst).
 */
async function quotaOf(rootDirectory: string, { version, quota }: Cgroup): Promise<number | undefined> {
  const read = async (name: string) => (await readText(rootDirectory, `${quota}/${name}`)) ?? '';
  const [allowed, period] =
    version === 2
      ? (await read('cpu.max')).trim().split(' ')
      : [await read('cpu.cfs_quota_us'), await read('cpu.cfs_period_us')];
  const cpus = Number(allowed) / Number(period);
  return Number.isFinite(cpus) && cpus > 0 ? cpus : undefined;
}

/** `cpuacct.usage` counts nanoseconds (cpuacct.rst). */
async function usedSecondsOf(rootDirectory: string, { version, usage }: Cgroup): Promise<number | undefined> {
  const text = await readText(rootDirectory, version === 2 ? `${usage}/cpu.stat` : `${usage}/cpuacct.usage`);
  const used = version === 2 ? /^usage_usec (\d+)$/m.exec(text ?? '')?.[1] : /^\d+$/.exec((text ?? '').trim())?.[0];
  return used === undefined ? undefined : Number(used) / (version === 2 ? 1e6 : 1e9);
}

/** Returns the number of CPUs in a list such as `0-3,8`; undefined for any other text. */
export function parseCpuList(text: string): number | undefined {
  let count = 0;
  for (const range of text.trim().split(',')) {
    const [, first = '', last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(range) ?? [];
    if (first === '' || Number(last) < Number(first)) return undefined;
    count += Number(last) - Number(first) + 1;
  }
  return count;
}

function cgroupsVersion2(own: string): Cgroup[] {
  return cgroupDirectories(own, '').map((directory) => ({
    version: 2,
    quota: directory,
    cpuset: directory,
    usage: directory,
  }));
}

/** In version 1 each controller has its own tree, usually with the same cgroups. */
function cgroupsVersion1(own: string): Cgroup[] {
  const [cpusets, usages] = [cgroupDirectories(own, 'cpuset'), cgroupDirectories(own, 'cpuacct')];
  return cgroupDirectories(own, 'cpu').map((quota, index) => ({
    version: 1,
    quota,
    cpuset: cpusets[index] ?? '',
    usage: usages[index] ?? '',
  }));
}

/**
 * Returns the directories of a process's cgroup and of its parents, from the text of /proc/self/cgroup (cgroups(7)), the innermost first. In a
 * container the text often has the host's path, but the container's cgroup is mounted at the root. Most of these directories then do not exist.
 *
 * @param controller a controller of cgroup v1, such as `cpuacct`; the empty text for cgroup v2
 */
export function cgroupDirectories(procSelfCgroup: string, controller: string): string[] {
  const mount = controller === '' ? 'sys/fs/cgroup' : `sys/fs/cgroup/${controller}`;
  for (const line of procSelfCgroup.split('\n')) {
    const [, controllers, ...path] = line.split(':');
    if (controllers?.split(',').includes(controller) !== true) continue;
    const names = path.join(':').split('/').filter(Boolean);
    // The cgroup is outside of the visible tree (cgroup_namespaces(7)).
    if (names.includes('..')) return [mount];
    return [...names.map((_, index) => [mount, ...names.slice(0, names.length - index)].join('/')), mount];
  }
  return [];
}
