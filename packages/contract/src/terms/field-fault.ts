import { z } from 'zod';

/**
 * One fault of one field. `field` is the path of the field, such as `regions.us-east-1.location[0]`; it is empty for the whole value. `detail` says
 * what is wrong and what is expected.
 */
export const fieldFaultSchema = z
  .object({ field: z.string(), detail: z.string() })
  .meta({ id: 'FieldFault', example: { field: 'ttlSeconds', detail: 'Too big: expected number to be <=86400' } });

export type FieldFault = z.infer<typeof fieldFaultSchema>;

/** Maximum length of `field` and of `detail`, characters. Both can repeat input of the sender. */
const detailMaxLength = 300;

/** Returns every issue of a failed parse as a fault, in the order of the fields. */
export function faultsFromZodError(error: z.ZodError): FieldFault[] {
  return locatedFaults(error).map(({ path, detail }) => ({
    field: fieldFromPath(path).slice(0, detailMaxLength),
    detail,
  }));
}

/**
 * Returns every issue of a failed parse with its path. For an unknown key, this is the path of the key, not of the object around it. If the schema
 * has its own message for unknown keys, that message is used. The default message of zod is replaced, because it only lists the keys.
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
