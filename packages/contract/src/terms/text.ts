import { z } from 'zod';

/** A schema for text in any script without characters that could break a log line (control characters, lone surrogates). */
export function printableTextSchema(maxLength: number) {
  return (
    z
      .string()
      .min(1)
      .max(maxLength)
      // A pattern of JSON Schema cannot express this, because it has no flag for Unicode properties.
      .refine(
        (text) => !/[\p{Cc}\p{Cs}]/u.test(text),
        'Invalid string: expected no control characters and no lone surrogates',
      )
  );
}

/** A caller's name for a user or a call. */
export const identifierSchema = printableTextSchema(128);
