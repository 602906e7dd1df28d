import type { ParsedEntry } from '@turn-router/contract/registry';
import { createOutageWatch, type OutageEvents } from '../loop/outage-watch.ts';
import { startLoop } from '../loop/start-loop.ts';
import type { HashSource, StoredHash } from './hash-store.ts';

export type RejectedEntry = { readonly name: string; readonly detail: string };

export type HashFeedEvents<Entry> = OutageEvents & {
  /** The hash differs from the reading before. Not called for restored content. */
  onStored?(stored: StoredHash): void;
  /** The entries have changed, or are known for the first time. `rejected`: invalid entries. */
  onEntries(entries: ReadonlyMap<string, Entry>, rejected: readonly RejectedEntry[]): void;
  /** The whole hash is gone: the known entries stay in force. */
  onMissing(): void;
  /** The hash is there again. Called before `onEntries`. */
  onReturned?(): void;
};

export interface HashFeed extends AsyncDisposable {
  /** Settles when the first reading has succeeded or failed. */
  readonly firstReading: Promise<void>;
  /** Reads once. The loop calls it periodically. */
  readonly refresh: () => Promise<void>;
}

/** Time between two readings, ms. Including the reading itself, a change is known well within 2 s. */
const defaultIntervalMs = 750;

export type HashFeedOptions = {
  /** The content before a restart, used until the source answers. */
  readonly restored?: StoredHash | undefined;
  readonly intervalMs?: number;
  /** Called at each reading while the hash is gone, with the number of entries that stay in force. Must not reject. */
  readonly reportHeld?: ((entries: number) => Promise<void>) | undefined;
};

type Parsed<Entry> = { readonly text: string; readonly result: ParsedEntry<Entry> };

/**
 * Reads a small hash periodically. While the source is unreachable or has lost the hash, the last known entries stay in force: a fault of
 * the server must not refuse valid callers, and must not admit revoked callers. Removing the last entry leaves the (empty) hash in place.
 */
export function startHashFeed<Entry>(
  source: Pick<HashSource, 'readAll'>,
  parse: (name: string, text: string) => ParsedEntry<Entry>,
  events: HashFeedEvents<Entry>,
  { restored, intervalMs = defaultIntervalMs, reportHeld }: HashFeedOptions = {},
): HashFeed {
  const watch = createOutageWatch(events);
  let known: ReadonlyMap<string, Parsed<Entry>> | undefined;
  let isLost = false;

  async function takeReading(stored: StoredHash | undefined): Promise<void> {
    const wasLost = isLost;
    isLost = stored === undefined && known !== undefined && known.size > 0;
    if (isLost) {
      if (!wasLost) events.onMissing();
      await reportHeld?.(known?.size ?? 0);
      return;
    }
    if (wasLost) events.onReturned?.();
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
    if (reading !== undefined) await takeReading(reading.stored);
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
