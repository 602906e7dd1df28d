/** Far more than an exporter without a label for each user says, characters. */
const longestPage = 4_000_000;

/** Live allocations from an exporter at `url`; undefined when it does not answer in time, or with something else. */
export async function readExporterAllocations(url: string, timeoutMs: number): Promise<number | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' });
    const page = await readPage(response);
    return page === undefined ? undefined : parseExporterAllocations(page);
  } catch {
    // Whatever it is: the figure is absent, which the caller says once.
    return undefined;
  }
}

async function readPage(response: Response): Promise<string | undefined> {
  if (!response.ok) {
    // Unread, it would hold its connection.
    await response.body?.cancel();
    return undefined;
  }
  let page = '';
  for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    page += piece;
    if (page.length > longestPage) return undefined;
  }
  return page;
}

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
