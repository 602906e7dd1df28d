import { readText } from './read-text.ts';

/** Reads the time in which some task waited for a CPU, ms since boot, from the first of these files that has it. */
export async function readCpuPressureMs(rootDirectory: string, files: readonly string[]): Promise<number | undefined> {
  for (const file of files) {
    const stalledMs = parsePressureMs((await readText(rootDirectory, file)) ?? '');
    if (stalledMs !== undefined) return stalledMs;
  }
  return undefined;
}

/**
 * Parses the time in which some task waited, milliseconds since boot, from the text of /proc/pressure/cpu or of a cgroup's cpu.pressure:
 * `some avg10=… avg60=… avg300=… total=<µs>` (Documentation/accounting/psi.rst).
 */
export function parsePressureMs(text: string): number | undefined {
  const microseconds = /^some .*\btotal=(\d+)$/m.exec(text)?.[1];
  return microseconds === undefined ? undefined : Number(microseconds) / 1000;
}
