import { parseApiKeyRecord, type ApiKeyRecord, type ParsedApiKeyRecord } from '@turn-router/contract';
import { createOutageWatch, type OutageEvents } from '../outage-watch.ts';
import { startLoop } from '../start-loop.ts';
import type { ApiKeySource, StoredApiKeys } from './api-key-store.ts';

/** id → record, of the entries that are API keys. */
export type ApiKeys = ReadonlyMap<string, ApiKeyRecord>;

export type RejectedApiKey = { readonly id: string; readonly detail: string };

export type ApiKeyFeedEvents = OutageEvents & {
  /** What was just read is other than before; not told of what was restored. */
  onStored?(stored: StoredApiKeys): void;
  /** The keys are others than before, or known for the first time; and the entries that are none. */
  onKeys(keys: ApiKeys, rejected: readonly RejectedApiKey[]): void;
  /** All of them are gone at once, the store with them: those that were known stay. */
  onMissing(): void;
};

export interface ApiKeyFeed extends AsyncDisposable {
  /** Settles when the keys have been read once, or could not be. */
  readonly firstReading: Promise<void>;
  /** Reads once. The loop does this by itself. */
  readonly refresh: () => Promise<void>;
}

/** Time between two readings, ms. With what a reading takes, a revoked key is refused well within 2 s. */
const defaultIntervalMs = 750;

export type ApiKeyFeedOptions = {
  /** What was known before a restart: serves until the store answers. */
  readonly restored?: StoredApiKeys | undefined;
  readonly intervalMs?: number;
};

type Parsed = { readonly text: string; readonly result: ParsedApiKeyRecord };

/**
 * Reads the API keys over and over. While the store is away, or has lost everything, the last known keys stay: applications must not be
 * locked out because a server has a fault, and none of them could get its key back. Whoever revokes the last key leaves the store in place.
 */
export function startApiKeyFeed(
  source: Pick<ApiKeySource, 'readAll'>,
  events: ApiKeyFeedEvents,
  { restored, intervalMs = defaultIntervalMs }: ApiKeyFeedOptions = {},
): ApiKeyFeed {
  const watch = createOutageWatch(events);
  let known: ReadonlyMap<string, Parsed> | undefined;
  let isMissing = false;

  function take(stored: StoredApiKeys | undefined): void {
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

  function use(stored: StoredApiKeys): void {
    const before = known;
    const now = new Map([...stored].map(([id, text]) => [id, parsed(id, text, before)] as const));
    known = now;
    events.onKeys(...split(now));
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

function isSame(known: ReadonlyMap<string, Parsed>, stored: StoredApiKeys): boolean {
  return known.size === stored.size && [...stored].every(([id, text]) => known.get(id)?.text === text);
}

function parsed(id: string, text: string, before: ReadonlyMap<string, Parsed> | undefined): Parsed {
  const known = before?.get(id);
  return known?.text === text ? known : { text, result: parseApiKeyRecord(id, text) };
}

function split(entries: ReadonlyMap<string, Parsed>): [ApiKeys, RejectedApiKey[]] {
  const keys = new Map<string, ApiKeyRecord>();
  const rejected: RejectedApiKey[] = [];
  for (const [id, { result }] of entries) {
    if (result.ok) keys.set(id, result.record);
    else rejected.push({ id, detail: result.faults.map(({ field, detail }) => `${field}: ${detail}`).join('; ') });
  }
  return [keys, rejected];
}
