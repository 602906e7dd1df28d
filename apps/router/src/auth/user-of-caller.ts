import { customerPrefix, type IceServersRequest } from '@turn-router/contract';
import { ProblemError } from '../problem-error.ts';
import type { Caller } from './caller.ts';

/**
 * Whom a TURN server's quota, the limits and a revocation count as one user. Two users never share it: an application's users stand under
 * its key's id, so that no application can name another's.
 *
 * - an issuer's user: `user:<sub>`
 * - an application's user: `key:<key id>:user:<userId of the body>`
 * - whom nobody names: the customer behind the address (IPv4 /32, IPv6 /64), under the key if there is one
 *
 * @throws ProblemError `user_forbidden` when the body names another user than the token
 */
export function userOfCaller(
  caller: Caller,
  { userId }: Pick<IceServersRequest, 'userId'>,
  address: string | undefined,
): string {
  switch (caller.kind) {
    case 'anonymous':
      return addressUser(address);
    case 'api-key':
      return `key:${caller.keyId}:${userId === undefined ? addressUser(address) : `user:${userId}`}`;
    case 'jwt':
      if (userId !== undefined && userId !== caller.userId) throw otherThanTheToken('userId', 'sub');
      return `user:${caller.userId}`;
  }
}

/**
 * The call that a request is for: what the token says, else the body.
 *
 * @throws ProblemError `user_forbidden` when the body names another call than the token
 */
export function callOfCaller(caller: Caller, { callId }: Pick<IceServersRequest, 'callId'>): string | undefined {
  if (caller.kind !== 'jwt' || caller.callId === undefined) return callId;
  if (callId !== undefined && callId !== caller.callId) throw otherThanTheToken('callId', 'turn_call');
  return caller.callId;
}

function addressUser(address: string | undefined): string {
  return `address:${address === undefined ? 'unknown' : customerPrefix(address)}`;
}

/** Refused rather than overridden: the application would wonder whose credential it got. */
function otherThanTheToken(field: string, claim: string): ProblemError {
  const detail = `Another than the token’s ${claim}: expected the same, or none`;
  return new ProblemError('user_forbidden', `${field}: ${detail}`, { errors: [{ field, detail }] });
}
