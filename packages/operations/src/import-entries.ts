import type { FieldFault } from '@turn-router/contract/http';
import type { ParsedEntry } from '@turn-router/contract/registry';
import type { EntryReplacement } from '@turn-router/registry';
import { attemptsMax, type EntryStore } from './entries.ts';
import { OperationError } from './operation-error.ts';

export type ImportRequest = {
  /** Name → record. A record is an object, or its JSON as a string. */
  readonly entries: ReadonlyMap<string, unknown>;
  /** Whether a stored entry that differs is replaced. False: it is kept, because it may be newer. */
  readonly overwrites: boolean;
};

/** The names of the imported entries in four lists. */
export type ImportResult = {
  /** The store had no entry with this name. */
  readonly added: readonly string[];
  readonly replaced: readonly string[];
  /** The store already has the same entry. */
  readonly unchanged: readonly string[];
  /** The store has another entry with this name. */
  readonly kept: readonly string[];
};

type Parse = (name: string, text: string) => ParsedEntry<unknown>;

/**
 * Stores entries from a copy or a backup in one step, so that programs never see a part of them. Importing the same entries again changes nothing.
 *
 * @throws OperationError `invalid` with every fault, and nothing is stored; `conflict`
 */
export async function importEntries(
  store: EntryStore,
  parse: Parse,
  { entries, overwrites }: ImportRequest,
): Promise<ImportResult> {
  const texts = textsOf(entries, parse);
  for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
    const reading = await store.readAll();
    // An import is the remedy for a loss. So it may create the hash again.
    if (reading === undefined) await store.findLoss();
    const stored = reading ?? new Map<string, string>();
    const result = compare(texts, stored, parse, overwrites);
    const replacements = [...result.added, ...result.replaced].map((name): EntryReplacement => ({
      name,
      expected: stored.get(name),
      next: texts.get(name),
    }));
    if (replacements.length === 0 || (await store.replaceAll(replacements))) return result;
  }
  throw new OperationError('conflict');
}

/** @throws OperationError `invalid` */
function textsOf(entries: ReadonlyMap<string, unknown>, parse: Parse): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const faults: FieldFault[] = [];
  for (const [name, value] of entries) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const parsed = parse(name, text);
    texts.set(name, text);
    if (parsed.ok) continue;
    for (const { field, detail } of parsed.faults) {
      faults.push({ field: [JSON.stringify(name), field].filter((part) => part !== '').join('.'), detail });
    }
  }
  if (faults.length > 0) throw new OperationError('invalid', faults);
  return texts;
}

function compare(
  texts: ReadonlyMap<string, string>,
  stored: ReadonlyMap<string, string>,
  parse: Parse,
  overwrites: boolean,
): ImportResult {
  const result = { added: [] as string[], replaced: [] as string[], unchanged: [] as string[], kept: [] as string[] };
  for (const [name, text] of texts) {
    const current = stored.get(name);
    if (current === undefined) result.added.push(name);
    else if (isSame(parse(name, text), parse(name, current))) result.unchanged.push(name);
    else if (overwrites) result.replaced.push(name);
    else result.kept.push(name);
  }
  return result;
}

function isSame(a: ParsedEntry<unknown>, b: ParsedEntry<unknown>): boolean {
  return a.ok && b.ok && JSON.stringify(a.record) === JSON.stringify(b.record);
}
