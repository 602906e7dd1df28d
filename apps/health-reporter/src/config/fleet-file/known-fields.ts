import { z } from 'zod';

/** An object of these fields alone; the fault of any other names them. */
export function knownFields<Shape extends z.ZodRawShape>(shape: Shape) {
  const detail = `Unknown field: expected one of ${Object.keys(shape).join(', ')}`;
  return z.strictObject(shape, { error: ({ code }) => (code === 'unrecognized_keys' ? detail : undefined) });
}
