/** coturn's gauge, with and without labels (absent until its first allocation), and eturnal's, one for each transport. */
const gauges = ['turn_total_allocations', 'eturnal_turn_open_sessions'];

/** Something that only their exporters say. */
const exporterPattern = /^(?:# (?:HELP|TYPE) )?(?:turn|stun|eturnal)_/m;

/**
 * Live allocations from the page of coturn's or eturnal's Prometheus exporter (text format 0.0.4): the gauge, summed over its labels.
 * Undefined where the page is not such an exporter's.
 */
export function parseExporterAllocations(page: string): number | undefined {
  if (!exporterPattern.test(page)) return undefined;
  let sum = 0;
  for (const line of page.split('\n')) {
    const [, name = '', value] = /^([a-z_]+)(?:\{.*\})? (\S+)/.exec(line) ?? [];
    if (gauges.includes(name)) sum += Number(value);
  }
  return Number.isFinite(sum) ? Math.max(0, Math.round(sum)) : undefined;
}
