import { z } from 'zod';

/** Text in any script, without anything that could break a log line (control characters, lone surrogates). */
export function printableTextSchema(maxLength: number) {
  return (
    z
      .string()
      .min(1)
      .max(maxLength)
      // Not a pattern: JSON Schema has no flag for Unicode properties.
      .refine(
        (text) => !/[\p{Cc}\p{Cs}]/u.test(text),
        'Invalid string: expected no control characters and no lone surrogates',
      )
  );
}

/** Names a user or a call. */
export const identifierSchema = printableTextSchema(128);
