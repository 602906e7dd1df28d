import type { ParsedEntry } from '@turn-router/contract/registry';
import { createOutageWatch, type OutageEvents } from '../loop/outage-watch.ts';
import { startLoop } from '../loop/start-loop.ts';
import type { HashSource, StoredHash } from './hash-store.ts';

export type RejectedEntry = { readonly name: string; readonly detail: string };

export type HashFeedEvents<Entry> = OutageEvents & {
  /** What was just read is other than before; not told of what was restored. */
  onStored?(stored: StoredHash): void;
  /** The entries are others than before, or known for the first time; and what is none. */
  onEntries(entries: ReadonlyMap<string, Entry>, rejected: readonly RejectedEntry[]): void;
  /** All of them are gone at once, the hash with them: those that were known stay. */
  onMissing(): void;
};

export interface HashFeed extends AsyncDisposable {
  /** Settles when the hash has been read once, or could not be. */
  readonly firstReading: Promise<void>;
  /** Reads once. The loop does this by itself. */
  readonly refresh: () => Promise<void>;
}

/** Time between two readings, ms. With what a reading takes, a change is known well within 2 s. */
const defaultIntervalMs = 750;

export type HashFeedOptions = {
  /** What was known before a restart: serves until the source answers. */
  readonly restored?: StoredHash | undefined;
  readonly intervalMs?: number;
};

type Parsed<Entry> = { readonly text: string; readonly result: ParsedEntry<Entry> };

/**
 * Reads a small hash over and over. While the source is away, or has lost everything, what was last known stays: nobody must be locked out,
 * or let in again, because a server has a fault. Whoever takes the last entry away leaves the hash in place.
 */
export function startHashFeed<Entry>(
  source: Pick<HashSource, 'readAll'>,
  parse: (name: string, text: string) => ParsedEntry<Entry>,
  events: HashFeedEvents<Entry>,
  { restored, intervalMs = defaultIntervalMs }: HashFeedOptions = {},
): HashFeed {
  const watch = createOutageWatch(events);
  let known: ReadonlyMap<string, Parsed<Entry>> | undefined;
  let isMissing = false;

  function take(stored: StoredHash | undefined): void {
    const wasMissing = isMissing;
    isMissing = stored === undefined;
    if (isMissing && known !== undefined && known.size > 0) {
      if (!wasMissing) events.onMissing();
      return;
    }
    if (known !== undefined && isSame(known, stored ?? new Map())) return;
    use(stored ?? new Map());
    if (stored !== undefined) events.onStored?.(stored);
  }

  function use(stored: StoredHash): void {
    const before = known;
    const now = new Map([...stored].map(([name, text]) => [name, parsed(name, text, before)] as const));
    known = now;
    events.onEntries(...split(now));
  }

  function parsed(name: string, text: string, before: ReadonlyMap<string, Parsed<Entry>> | undefined): Parsed<Entry> {
    const same = before?.get(name);
    return same?.text === text ? same : { text, result: parse(name, text) };
  }

  async function refresh(): Promise<void> {
    const reading = await watch.attempt(async () => ({ stored: await source.readAll() }));
    if (reading !== undefined) take(reading.stored);
  }

  if (restored !== undefined) use(restored);
  const firstReading = refresh();
  let reading: Promise<void> | undefined = firstReading;
  const loop = startLoop(async () => {
    await (reading ?? refresh());
    reading = undefined;
  }, intervalMs);
  return { firstReading, refresh, [Symbol.asyncDispose]: () => loop[Symbol.asyncDispose]() };
}

function isSame(known: ReadonlyMap<string, Parsed<unknown>>, stored: StoredHash): boolean {
  return known.size === stored.size && [...stored].every(([name, text]) => known.get(name)?.text === text);
}

function split<Entry>(parsed: ReadonlyMap<string, Parsed<Entry>>): [Map<string, Entry>, RejectedEntry[]] {
  const entries = new Map<string, Entry>();
  const rejected: RejectedEntry[] = [];
  for (const [name, { result }] of parsed) {
    if (result.ok) entries.set(name, result.record);
    else rejected.push({ name, detail: result.faults.map(({ field, detail }) => `${field}: ${detail}`).join('; ') });
  }
  return [entries, rejected];
}
