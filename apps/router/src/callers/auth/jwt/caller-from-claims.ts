import { identifierSchema } from '@turn-router/contract/http';
import { regionNameSchema } from '@turn-router/contract/registry';
import { z } from 'zod';
import { invalidToken } from '../auth-problems.ts';
import type { Caller } from '../caller.ts';

/** The claims that the router reads. It ignores all others. */
const claimsSchema = z.object({
  sub: identifierSchema,
  turn_call: identifierSchema.optional(),
  turn_region: z.union([regionNameSchema, z.array(regionNameSchema).min(1).max(64)]).optional(),
});

const unrestricted = {};

/** @throws ProblemError `invalid_token` that names the invalid claim */
export function callerFromClaims(claims: unknown): Caller {
  const parsed = claimsSchema.safeParse(claims);
  if (!parsed.success)
    throw invalidToken(`its claim "${String(parsed.error.issues[0]?.path[0])}" has an invalid value`);
  const { sub, turn_call, turn_region } = parsed.data;
  return {
    kind: 'jwt',
    userId: sub,
    ...(turn_call === undefined ? {} : { callId: turn_call }),
    scope: turn_region === undefined ? unrestricted : { regions: new Set([turn_region].flat()) },
  };
}
