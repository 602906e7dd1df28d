import { z } from 'zod';

/** An object with only these fields; the fault of an unknown field lists them. */
export function knownFields<Shape extends z.ZodRawShape>(shape: Shape) {
  const detail = `Unknown field: expected one of ${Object.keys(shape).join(', ')}`;
  return z.strictObject(shape, { error: ({ code }) => (code === 'unrecognized_keys' ? detail : undefined) });
}
