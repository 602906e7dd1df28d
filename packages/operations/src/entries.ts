import type { ParsedEntry } from '@turn-router/contract/registry';
import type { HashStore, StoredHash } from '@turn-router/registry';
import { OperationError } from './operation-error.ts';

/** Small entries, name → JSON, that several may change at once. */
export type EntryStore = Pick<HashStore, 'readAll' | 'replace'>;

/** What is to stand in the place of an entry; undefined: nothing. */
export type EntryChange = { readonly next: string | undefined };

/** How often a change is decided before those who keep overtaking it are left to it. */
const attempts = 3;

/**
 * Reads an entry, decides, and writes if it is still what was read; whoever was overtaken reads and decides again. So it is as if they had
 * come a moment later, and the last word counts.
 *
 * @param decide given what stands there, undefined for nothing, and the other entries; may throw, and undefined leaves all as it is
 * @returns what was decided on what it has replaced
 * @throws OperationError `conflict` when that went on for too long
 */
export async function changeEntry<Change extends EntryChange | undefined>(
  store: EntryStore,
  name: string,
  decide: (text: string | undefined, stored: StoredHash) => Change | Promise<Change>,
): Promise<Change> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const stored = (await store.readAll()) ?? new Map<string, string>();
    const text = stored.get(name);
    const change = await decide(text, stored);
    if (change === undefined || (await store.replace(name, text, change.next))) return change;
  }
  throw new OperationError('conflict');
}

export type ListedEntries<Entry> = {
  /** By name, in its order. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** The names of what is stored and is none. */
  readonly rejected: readonly string[];
};

export async function listEntries<Entry>(
  store: Pick<EntryStore, 'readAll'>,
  parse: (name: string, text: string) => ParsedEntry<Entry>,
): Promise<ListedEntries<Entry>> {
  const stored = (await store.readAll()) ?? new Map<string, string>();
  const entries = new Map<string, Entry>();
  const rejected: string[] = [];
  for (const [name, text] of [...stored].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const parsed = parse(name, text);
    if (parsed.ok) entries.set(name, parsed.record);
    else rejected.push(name);
  }
  return { entries, rejected };
}
