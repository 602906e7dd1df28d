import { faultsFromZodError, type FieldFault } from '../terms/field-fault.ts';
import type { z } from 'zod';

export type RefusedEntry = { readonly ok: false; readonly faults: readonly FieldFault[] };

export type ParsedEntry<Entry> = { readonly ok: true; readonly record: Entry } | RefusedEntry;

export type EntrySchemas<Entry> = {
  readonly name: z.ZodType<string>;
  readonly record: z.ZodType<Entry>;
  /** Maximum length of a record, characters of JSON. */
  readonly maxLength: number;
};

/** Parses one entry of a hash: a name and its JSON. Both come from an untrusted writer. Never throws. */
export function parseEntry<Entry>(schemas: EntrySchemas<Entry>, name: string, text: string): ParsedEntry<Entry> {
  const read = readEntryJson(text, schemas.maxLength);
  if (!read.ok) return read;
  const parsedName = schemas.name.safeParse(name);
  if (!parsedName.success) return refuseEntry(...faultsFromZodError(parsedName.error));
  const parsed = schemas.record.safeParse(read.value);
  return parsed.success ? { ok: true, record: parsed.data } : refuseEntry(...faultsFromZodError(parsed.error));
}

/**
 * Parses the JSON of an entry. Never throws.
 *
 * @param maxLength characters
 */
export function readEntryJson(
  text: string,
  maxLength: number,
): { readonly ok: true; readonly value: unknown } | RefusedEntry {
  if (text.length > maxLength) {
    return refuseEntry({ field: '', detail: `Too long: expected at most ${maxLength} characters` });
  }
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return refuseEntry({ field: '', detail: 'Invalid JSON: expected one JSON object' });
  }
}

export function refuseEntry(...faults: FieldFault[]): RefusedEntry {
  return { ok: false, faults };
}
