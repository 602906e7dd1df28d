import { z } from 'zod';
import type { Settings } from './setting.ts';

/** A schema for a number in plain decimal notation. `schema` then checks the number. */
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
  meaning: 'Minimum level: less severe log messages are not written',
  expected: levels.join(', '),
  schema: z.enum(levels),
  default: 'info',
} as const;

/** The router's token. A request with this token may report for any node. */
export const reporterTokenSetting = {
  expected: 'at least 16 characters of printable ASCII without spaces',
  schema: z.string().regex(/^[\x21-\x7e]{16,}$/),
  secret: true,
} as const;

/** `shared`: all TURN servers have the secrets in TURN_SECRETS. `per-node`: TURN_SECRETS contains master keys, and each server has the secrets that are
 * derived for its node. */
export const turnSecretModeSetting = {
  expected: 'shared or per-node',
  schema: z.enum(['shared', 'per-node']),
  default: 'shared',
} as const;

/** A value of TURN_SECRETS: an id, "=" and a secret. A secret in base64 has "=" only at its end. */
const namedSecret = /^\s*[a-z0-9][a-z0-9-]{0,31}=[^=\s][^\s]{15}/;

const namedSecretDoubt =
  'The value has the form id=secret of TURN_SECRETS, but all of it is used as the secret: set TURN_SECRETS instead, or remove the id and the first "="';

/** The two settings for the secrets of TURN servers. Exactly one of them must be set. */
export const turnSecretSettings = {
  TURN_SECRETS: {
    meaning:
      'Shared secrets of the TURN servers, id=secret[,id=secret…], newest first. For each node, the router signs with the first secret that a probe has shown to work on this node',
    expected: 'id=secret[,id=secret…]',
    schema: z.string(),
    secret: true,
  },
  TURN_SECRET: {
    meaning: 'The shared secret, if there is only one. For several secrets, set TURN_SECRETS instead',
    expected: 'a secret',
    schema: z.string(),
    secret: true,
    doubt: (text: string) => (namedSecret.test(text) ? namedSecretDoubt : undefined),
  },
} as const satisfies Settings;
