import { parseExporterAllocations } from './parse-exporter.ts';

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
