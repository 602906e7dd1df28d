import { z } from 'zod';

/** One thing wrong with one field: where (`regions.us-east-1.location[0]`; empty for the whole) and what, with what was expected. */
export const fieldFaultSchema = z
  .object({ field: z.string(), detail: z.string() })
  .meta({ id: 'FieldFault', example: { field: 'ttlSeconds', detail: 'Too big: expected number to be <=86400' } });

export type FieldFault = z.infer<typeof fieldFaultSchema>;

/** A fault never carries more than this of what the sender wrote, characters. */
const detailMaxLength = 300;

/** Every issue of a failed parse as a fault, in the order of the fields. */
export function faultsFromZodError(error: z.ZodError): FieldFault[] {
  return locatedFaults(error).map(({ path, detail }) => ({
    field: fieldFromPath(path).slice(0, detailMaxLength),
    detail,
  }));
}

/**
 * Every issue of a failed parse with its path; an unknown key's fault stands at that key, not at the object around it. What it says is the
 * schema's own message; zod's, which names the keys alone, is replaced.
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

/** `['a', 0, 'b']` → `a[0].b` */
export function fieldFromPath(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}
