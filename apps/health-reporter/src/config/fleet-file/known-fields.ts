import { z } from 'zod';

/** Creates the schema of an object with only these fields. The fault of an unknown field lists the known fields. */
export function knownFields<Shape extends z.ZodRawShape>(shape: Shape) {
  const detail = `Unknown field: expected one of ${Object.keys(shape).join(', ')}`;
  return z.strictObject(shape, { error: ({ code }) => (code === 'unrecognized_keys' ? detail : undefined) });
}
