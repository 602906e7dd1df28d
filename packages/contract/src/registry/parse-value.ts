import type { z } from 'zod';
import { faultsFromZodError, type FieldFault } from '../terms/field-fault.ts';

/** The reason why a value in the registry is not valid. The set is closed. The reason is used as a metric label. */
export type ValueFault = {
  readonly reason: 'too_large' | 'not_json' | 'invalid';
  readonly faults: readonly FieldFault[];
};

export type ParsedValue<Value> = { readonly ok: true; readonly value: Value } | ({ readonly ok: false } & ValueFault);

/**
 * Parses the JSON value of one Redis key from an untrusted writer. Never throws.
 *
 * @param maxBytes maximum size, bytes of UTF-8 JSON
 */
export function parseValue<Value>(text: string, schema: z.ZodType<Value>, maxBytes: number): ParsedValue<Value> {
  // One UTF-16 unit needs at least one byte of UTF-8. So a text that is too long is rejected without encoding it.
  if (text.length > maxBytes || new TextEncoder().encode(text).length > maxBytes) {
    return refused('too_large', { field: '', detail: `Too long: expected at most ${maxBytes} bytes` });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused('not_json', { field: '', detail: 'Invalid JSON: expected one JSON object' });
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? { ok: true, value: parsed.data } : refused('invalid', ...faultsFromZodError(parsed.error));
}

function refused(reason: ValueFault['reason'], ...faults: FieldFault[]): { readonly ok: false } & ValueFault {
  return { ok: false, reason, faults };
}
