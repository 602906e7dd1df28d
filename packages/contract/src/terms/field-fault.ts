import { z } from 'zod';

/** One fault of one field: its path (`regions.us-east-1.location[0]`; empty for the whole value), and what is wrong and expected. */
export const fieldFaultSchema = z
  .object({ field: z.string(), detail: z.string() })
  .meta({ id: 'FieldFault', example: { field: 'ttlSeconds', detail: 'Too big: expected number to be <=86400' } });

export type FieldFault = z.infer<typeof fieldFaultSchema>;

/** Maximum number of characters from the sender that a fault repeats. */
const detailMaxLength = 300;

/** Returns every issue of a failed parse as a fault, in the order of the fields. */
export function faultsFromZodError(error: z.ZodError): FieldFault[] {
  return locatedFaults(error).map(({ path, detail }) => ({
    field: fieldFromPath(path).slice(0, detailMaxLength),
    detail,
  }));
}

/**
 * Returns every issue of a failed parse with its path. The fault of an unknown key has the path of that key, not of the object around it.
 * It keeps the schema's own message and replaces the default message of zod, which only lists the keys.
 */
export function locatedFaults(error: z.ZodError): { path: PropertyKey[]; detail: string }[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const detail = issue.message.startsWith('Unrecognized key') ? 'Unknown field' : issue.message;
      return issue.keys.map((key) => ({ path: [...issue.path, key], detail: detail.slice(0, detailMaxLength) }));
    }
    const { message } = issue.code === 'invalid_key' ? (issue.issues[0] ?? issue) : issue;
    return [{ path: issue.path, detail: message.slice(0, detailMaxLength) }];
  });
}

/** Formats a path: `['a', 0, 'b']` → `a[0].b`. */
export function fieldFromPath(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}
