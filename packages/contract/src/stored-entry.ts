import { faultsFromZodError, type FieldFault } from './field-fault.ts';
import type { z } from 'zod';

export type ParsedEntry<Entry> =
  { readonly ok: true; readonly record: Entry } | { readonly ok: false; readonly faults: readonly FieldFault[] };

export type EntrySchemas<Entry> = {
  readonly name: z.ZodType<string>;
  readonly record: z.ZodType<Entry>;
  /** The longest record that is read, characters of JSON. */
  readonly maxLength: number;
};

/** Reads one entry of a hash, name → JSON, either of which anybody may have written. Never throws. */
export function parseEntry<Entry>(schemas: EntrySchemas<Entry>, name: string, text: string): ParsedEntry<Entry> {
  if (text.length > schemas.maxLength) {
    return refused({ field: '', detail: `Too long: expected at most ${schemas.maxLength} characters` });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused({ field: '', detail: 'Invalid JSON: expected one JSON object' });
  }
  const parsedName = schemas.name.safeParse(name);
  if (!parsedName.success) return refused(...faultsFromZodError(parsedName.error));
  const parsed = schemas.record.safeParse(value);
  return parsed.success ? { ok: true, record: parsed.data } : refused(...faultsFromZodError(parsed.error));
}

function refused(...faults: FieldFault[]): ParsedEntry<never> {
  return { ok: false, faults };
}
