import { identifierSchema } from '@turn-router/contract/http';
import { regionNameSchema } from '@turn-router/contract/registry';
import { z } from 'zod';
import { invalidToken } from '../auth-problems.ts';
import type { Caller } from '../caller.ts';

/** Some issuers number their users. `z.int` accepts only numbers that JSON and JavaScript hold exactly. */
const userSchema = z.union([identifierSchema, z.int().transform(String)]);

const claimsSchema = z.object({
  turn_call: identifierSchema.optional(),
  turn_region: z.union([regionNameSchema, z.array(regionNameSchema).min(1).max(64)]).optional(),
});

const unrestricted = {};

/**
 * Returns the caller that the claims of a valid token name. The claims other than those of `claimsSchema` and `userClaim` are ignored.
 *
 * @throws ProblemError `invalid_token` that names the invalid claim
 */
export function callerFromClaims(
  claims: Readonly<Record<string, unknown>>,
  { name, userClaim }: { readonly name?: string | undefined; readonly userClaim: string },
): Caller {
  const user = userSchema.safeParse(claims[userClaim]);
  if (!user.success) throw invalidClaim(userClaim);
  const parsed = claimsSchema.safeParse(claims);
  if (!parsed.success) throw invalidClaim(String(parsed.error.issues[0]?.path[0]));
  const { turn_call, turn_region } = parsed.data;
  return {
    kind: 'jwt',
    userId: user.data,
    ...(name === undefined ? {} : { issuer: name }),
    ...(turn_call === undefined ? {} : { callId: turn_call }),
    scope: turn_region === undefined ? unrestricted : { regions: new Set([turn_region].flat()) },
  };
}

function invalidClaim(name: string): Error {
  return invalidToken(`its claim ${JSON.stringify(name)} has an invalid value`);
}
