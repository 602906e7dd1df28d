import type { CpuReader } from './cpu-reader.ts';
import { cgroupDirectories } from './own-cgroup.ts';
import { readText } from './read-text.ts';

/** Reads the time in which some task waited for a CPU, ms since boot. The source is the cgroup (v2 only) if its CPU is reported, else the machine. */
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

/**
 * Parses the time in which some task waited, milliseconds since boot, from the text of /proc/pressure/cpu or of a cgroup's cpu.pressure:
 * `some avg10=… avg60=… avg300=… total=<µs>` (Documentation/accounting/psi.rst).
 */
export function parsePressureMs(text: string): number | undefined {
  const microseconds = /^some .*\btotal=(\d+)$/m.exec(text)?.[1];
  return microseconds === undefined ? undefined : Number(microseconds) / 1000;
}
