import { identifierSchema } from '@turn-router/contract/http';
import { regionNameSchema } from '@turn-router/contract/registry';
import { z } from 'zod';
import { invalidToken } from '../auth-problems.ts';
import type { Caller } from '../caller.ts';

/** What is read of a token that is valid; everything else in it is the issuer's business. */
const claimsSchema = z.object({
  sub: identifierSchema,
  turn_call: identifierSchema.optional(),
  turn_region: z.union([regionNameSchema, z.array(regionNameSchema).min(1).max(64)]).optional(),
});

const everything = {};

/** @throws ProblemError `invalid_token` naming the claim that cannot be used */
export function callerFromClaims(claims: unknown): Caller {
  const parsed = claimsSchema.safeParse(claims);
  if (!parsed.success) throw invalidToken(`its claim "${String(parsed.error.issues[0]?.path[0])}" cannot be used`);
  const { sub, turn_call, turn_region } = parsed.data;
  return {
    kind: 'jwt',
    userId: sub,
    ...(turn_call === undefined ? {} : { callId: turn_call }),
    scope: turn_region === undefined ? everything : { regions: new Set([turn_region].flat()) },
  };
}
