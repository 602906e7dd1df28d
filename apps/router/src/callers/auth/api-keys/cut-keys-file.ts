import type { StoredHash } from '@turn-router/registry';

/** The restrictions of one key that a file no longer has. */
export type KeptRestrictions = { readonly key: string; readonly fields: readonly string[] };

/**
 * Returns whether the text proves that it is whole. A text in braces ends with its last brace. Other YAML ends with the line `...` (YAML 1.2.2,
 * §9.1.2), if the writer adds it.
 */
export function provesItsEnd(text: string): boolean {
  const trimmed = text.trim();
  return trimmed.startsWith('{') ? trimmed.endsWith('}') : /(?:^|\n)\.\.\.$/.test(trimmed);
}

/** Fields of a key that restrict nothing. */
const freeFields = new Set(['secrets', 'label']);

/**
 * Adds the restrictions that a key had before and no longer has. All other changes stay: a secret that is gone is refused, and so is a key that
 * is gone. An entry that is no object is invalid anyway.
 */
export function keepRestrictions(
  before: StoredHash,
  after: StoredHash,
): { readonly keys: StoredHash; readonly kept: readonly KeptRestrictions[] } {
  const keys = new Map(after);
  const kept: KeptRestrictions[] = [];
  for (const [key, record] of after) {
    const [old, next] = [fieldsOf(before.get(key)), fieldsOf(record)];
    if (old === undefined || next === undefined) continue;
    const fields = Object.keys(old).filter((field) => !freeFields.has(field) && !Object.hasOwn(next, field));
    if (fields.length === 0) continue;
    kept.push({ key, fields });
    keys.set(key, JSON.stringify({ ...next, ...Object.fromEntries(fields.map((field) => [field, old[field]])) }));
  }
  return { keys, kept };
}

/** Whether the entry is the record of a key. A cut text may end with a key that has no fields yet. */
export function isRecord(record: string): boolean {
  return fieldsOf(record) !== undefined;
}

function fieldsOf(record = 'null'): Readonly<Record<string, unknown>> | undefined {
  const parsed: unknown = JSON.parse(record);
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined;
}
