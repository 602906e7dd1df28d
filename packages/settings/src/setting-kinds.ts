import { z } from 'zod';

/** A schema for a number in plain decimal notation that `schema` then checks. */
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
  meaning: 'Lowest level that is logged',
  expected: levels.join(', '),
  schema: z.enum(levels),
  default: 'info',
} as const;

/** The router's token, which accepts the reports of every node. */
export const reporterTokenSetting = {
  expected: 'at least 16 characters of printable ASCII without spaces',
  schema: z.string().regex(/^[\x21-\x7e]{16,}$/),
  secret: true,
} as const;

/** `shared`: all TURN servers hold TURN_SECRETS. `per-node`: TURN_SECRETS are master keys, and each server holds the secrets derived for it. */
export const turnSecretModeSetting = {
  expected: 'shared or per-node',
  schema: z.enum(['shared', 'per-node']),
  default: 'shared',
} as const;

/** The two settings for the secrets of TURN servers. Exactly one of them must be set. */
export const turnSecretSettings = {
  TURN_SECRETS: {
    meaning:
      'Shared secrets of the TURN servers, id=secret[,id=secret…], newest first. The router signs with the first one that a node has proven to accept',
    expected: 'id=secret[,id=secret…]',
    schema: z.string(),
    secret: true,
  },
  TURN_SECRET: {
    meaning: 'The only shared secret, instead of TURN_SECRETS',
    expected: 'a secret',
    schema: z.string(),
    secret: true,
  },
} as const;
