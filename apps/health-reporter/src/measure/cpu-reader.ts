import type { CpuSample } from './counter-rates.ts';
import { findLimitedCgroup, readCgroupCpu } from './own-cgroup.ts';
import { readText } from './read-text.ts';

/** `auto`: the CPU of the cgroup whose quota or cpuset limits the reporter, else the CPU of the machine. `machine`: always the CPU of the machine. */
export type CpuScope = 'auto' | 'machine';

export type CpuReader = {
  readonly source: 'cgroup' | '/proc/stat';
  /** The files that may have the CPU pressure of the same source, the best first. */
  readonly pressureFiles: readonly string[];
  read(): Promise<CpuSample | undefined>;
};

const machinePressureFile = 'proc/pressure/cpu';

/** Chooses the source once, because figures of two sources cannot be compared. */
export async function chooseCpuReader(
  rootDirectory: string,
  scope: CpuScope,
  monotonicMs: () => number,
): Promise<CpuReader> {
  const readMachine = async () => parseProcStat((await readText(rootDirectory, 'proc/stat')) ?? '');
  const countCpus = async () => (await readMachine())?.cpus ?? Infinity;
  const cgroup = scope === 'auto' ? await findLimitedCgroup(rootDirectory, await countCpus()) : undefined;
  if (cgroup === undefined) return { source: '/proc/stat', pressureFiles: [machinePressureFile], read: readMachine };
  return {
    source: 'cgroup',
    pressureFiles: [...(cgroup.version === 2 ? [`${cgroup.usage}/cpu.pressure`] : []), machinePressureFile],
    read: async () => readCgroupCpu(rootDirectory, cgroup, await countCpus(), monotonicMs()),
  };
}

/** The unit of /proc/stat, ticks per second: USER_HZ, which is 100 on every Linux port that Node runs on (proc_stat(5)). */
const ticksPerSecond = 100;

/**
 * Parses the whole machine's CPU from the text of /proc/stat. Waiting for disks counts as idle. Time stolen by the hypervisor counts as
 * used, because the node cannot use it. User time already includes guest time.
 */
export function parseProcStat(text: string): CpuSample | undefined {
  const lines = text.split('\n');
  const total = lines.find((line) => line.startsWith('cpu '));
  const cpus = lines.filter((line) => /^cpu\d/.test(line)).length;
  if (total === undefined || cpus === 0) return undefined;
  const ticks = total.trim().split(/\s+/).slice(1, 9).map(Number);
  const [user = NaN, nice = NaN, system = NaN, idle = NaN, ioWait = 0, irq = 0, softIrq = 0, steal = 0] = ticks;
  const usedTicks = user + nice + system + irq + softIrq + steal;
  const allTicks = usedTicks + idle + ioWait;
  if (!Number.isFinite(allTicks)) return undefined;
  return { usedSeconds: usedTicks / ticksPerSecond, elapsedSeconds: allTicks / ticksPerSecond / cpus, cpus };
}
