/**
 * Time in which some task waited for what the file is about, milliseconds since boot, from the text of /proc/pressure/cpu or of a
 * cgroup's cpu.pressure: `some avg10=… avg60=… avg300=… total=<µs>` (Documentation/accounting/psi.rst).
 */
export function parsePressureMs(text: string): number | undefined {
  const microseconds = /^some .*\btotal=(\d+)$/m.exec(text)?.[1];
  return microseconds === undefined ? undefined : Number(microseconds) / 1000;
}
