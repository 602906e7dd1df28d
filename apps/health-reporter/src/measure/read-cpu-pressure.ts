import { cgroupDirectories } from './cgroup-directories.ts';
import type { CpuReader } from './choose-cpu-reader.ts';
import { parsePressureMs } from './parse-pressure.ts';
import { readText } from './read-text.ts';

/** How long tasks have waited for a CPU, ms since boot: those of the cgroup (v2 alone tells) where its CPU is reported, else of the machine. */
export async function readCpuPressureMs(
  rootDirectory: string,
  source: CpuReader['source'],
): Promise<number | undefined> {
  if (source === 'cgroup') {
    const own = (await readText(rootDirectory, 'proc/self/cgroup')) ?? '';
    for (const directory of cgroupDirectories(own, '')) {
      const ofCgroup = parsePressureMs((await readText(rootDirectory, `${directory}/cpu.pressure`)) ?? '');
      if (ofCgroup !== undefined) return ofCgroup;
    }
  }
  return parsePressureMs((await readText(rootDirectory, 'proc/pressure/cpu')) ?? '');
}
