import type { ParsedEntry } from '@turn-router/contract/registry';
import type { HashLoss, HashStore, StoredHash } from '@turn-router/registry';
import { OperationError, type OperationErrorCode } from './operation-error.ts';

/** A store of small entries, name → JSON. Several processes may change an entry at the same time. */
export type EntryStore = Pick<HashStore, 'readAll' | 'replace' | 'replaceAll' | 'findLoss'>;

/** The new text of an entry. `next: undefined` deletes the entry. */
export type EntryChange = { readonly next: string | undefined };

/** The number of attempts of a change before it throws `conflict`. */
export const attemptsMax = 3;

/**
 * Refuses a change if the store has lost its entries. The first new entry creates the hash again, and programs then give up the entries that they
 * still hold.
 *
 * @param code the code of the refusal
 * @throws OperationError with this code
 */
export async function assertNotLost(store: Pick<EntryStore, 'findLoss'>, code: OperationErrorCode): Promise<void> {
  if ((await store.findLoss()) !== undefined) throw new OperationError(code);
}

/**
 * Reads an entry and decides on a change. Writes the change only if the entry has not changed meanwhile. If the entry has changed, reads and
 * decides again, as if the request had come a moment later.
 *
 * @param decide gets the entry's text (undefined if there is no entry) and all entries. It may throw. If it returns undefined, nothing changes.
 * @returns the change that `decide` returned
 * @throws OperationError `conflict` if another change came first in all `attemptsMax` attempts
 */
export async function changeEntry<Change extends EntryChange | undefined>(
  store: EntryStore,
  name: string,
  decide: (text: string | undefined, stored: StoredHash) => Change | Promise<Change>,
): Promise<Change> {
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const stored = (await store.readAll()) ?? new Map<string, string>();
    const text = stored.get(name);
    const change = await decide(text, stored);
    if (change === undefined || (await store.replace(name, text, change.next))) return change;
  }
  throw new OperationError('conflict');
}

export type ListedEntries<Entry> = {
  /** Sorted by name. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** The names of stored entries that are invalid. */
  readonly rejected: readonly string[];
  /** A sign that the store has lost its entries. */
  readonly loss: HashLoss | undefined;
};

export async function listEntries<Entry>(
  store: Pick<EntryStore, 'readAll' | 'findLoss'>,
  parse: (name: string, text: string) => ParsedEntry<Entry>,
): Promise<ListedEntries<Entry>> {
  const reading = await store.readAll();
  const loss = reading === undefined ? await store.findLoss() : undefined;
  const stored = reading ?? new Map<string, string>();
  const entries = new Map<string, Entry>();
  const rejected: string[] = [];
  for (const [name, text] of [...stored].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const parsed = parse(name, text);
    if (parsed.ok) entries.set(name, parsed.record);
    else rejected.push(name);
  }
  return { entries, rejected, loss };
}
