import { withDeadline } from '@turn-router/deadline';

/** The maximum length of the exporter's page, characters. A page is much shorter, unless it has a label for each user. */
const pageMaxChars = 4_000_000;

/** Reads the live allocations from the exporter at `url`. Undefined if it does not answer in time, or if the page is not from a known exporter. */
export async function readExporterAllocations(url: string, timeoutMs: number): Promise<number | undefined> {
  try {
    const page = await withDeadline({ timeoutMs }, async (signal) =>
      readPage(await fetch(url, { signal, redirect: 'error' })),
    );
    return page === undefined ? undefined : parseExporterAllocations(page);
  } catch {
    // After any fault the figure is absent. The caller logs this once.
    return undefined;
  }
}

async function readPage(response: Response): Promise<string | undefined> {
  if (!response.ok) {
    // An unread body would keep the connection open.
    await response.body?.cancel();
    return undefined;
  }
  let page = '';
  for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    page += piece;
    if (page.length > pageMaxChars) return undefined;
  }
  return page;
}

/** The gauges of the exporters. coturn's gauge may have labels, and is absent until the first allocation. eturnal has one gauge for each transport. */
const gauges = ['turn_total_allocations', 'eturnal_turn_open_sessions'];

/** Matches a line that only these exporters have. */
const exporterPattern = /^(?:# (?:HELP|TYPE) )?(?:turn|stun|eturnal)_/m;

/**
 * Parses the page of coturn's or eturnal's Prometheus exporter (text format 0.0.4). Returns the live allocations: the gauge, summed over its
 * labels. Undefined if the page comes from another program.
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
