import { z } from 'zod';

/** A number in plain decimal notation, then held against `schema`. */
export function decimal(schema: z.ZodNumber) {
  return z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
    .pipe(schema);
}

export function wholeNumber(min: number, max: number) {
  return decimal(z.int().min(min).max(max));
}

export const portSetting = { expected: 'a port, 1–65535', schema: wholeNumber(1, 65_535) } as const;

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

export const logLevelSetting = {
  meaning: 'Least severe line that is logged',
  expected: levels.join(', '),
  schema: z.enum(levels),
  default: 'info',
} as const;

/** A router's, for reports of every node. */
export const reporterTokenSetting = {
  expected: 'at least 16 characters of printable ASCII without spaces',
  schema: z.string().regex(/^[\x21-\x7e]{16,}$/),
  secret: true,
} as const;

/** Whether TURN_SECRETS are what TURN servers hold, or master keys of which each server holds what is derived for it. */
export const turnSecretModeSetting = {
  expected: 'shared or per-node',
  schema: z.enum(['shared', 'per-node']),
  default: 'shared',
} as const;

/** The secrets of TURN servers, in the two ways to give them; exactly one of them is expected. */
export const turnSecretSettings = {
  TURN_SECRETS: {
    meaning:
      'Shared secrets of the TURN servers, id=secret[,id=secret…], newest first; the first that a node is known to accept signs for it',
    expected: 'id=secret[,id=secret…]',
    schema: z.string(),
    secret: true,
  },
  TURN_SECRET: {
    meaning: 'The one shared secret, instead of TURN_SECRETS',
    expected: 'a secret',
    schema: z.string(),
    secret: true,
  },
} as const;
