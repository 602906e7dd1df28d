import type { StoredHash } from '@turn-router/registry';

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

/** Returns whether a key of both files has fewer restrictions than before. A key that is gone is revoked, so it does not count. */
export function losesRestriction(before: StoredHash, after: StoredHash): boolean {
  return [...before].some(([id, record]) => {
    const next = after.get(id);
    if (next === undefined || next === record) return false;
    const left = new Set(fieldsOf(next));
    return fieldsOf(record).some((field) => !freeFields.has(field) && !left.has(field));
  });
}

function fieldsOf(record: string): readonly string[] {
  const parsed: unknown = JSON.parse(record);
  return typeof parsed === 'object' && parsed !== null ? Object.keys(parsed) : [];
}
