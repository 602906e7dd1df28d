import type { IceServersRequest } from '@turn-router/contract/http';
import { customerPrefix } from '@turn-router/contract/registry';
import { ProblemError } from '../../problem-error.ts';
import type { Caller } from './caller.ts';

/** Who a call is by. Found once; limits, revocations, credentials and the log read it. */
export type Identity = {
  readonly caller: Caller;
  /** In the form of `clientAddress`. */
  readonly address: string | undefined;
  /**
   * Whom a TURN server's quota, the limits and a revocation count as one user. Two users never share it: an application's users stand under
   * its key's id, so that no application can name another's.
   *
   * - an issuer's user: `user:<sub>`
   * - an application's user: `key:<key id>:user:<userId of the body>`
   * - a caller that no one names: the customer behind the address (IPv4 /32, IPv6 /64), under the key if there is one
   */
  readonly user: string;
  /** Whether an application names the user in the body. */
  readonly isNamedInBody: boolean;
  /** The call that a request is for: what the token says, else the body. */
  readonly callId: string | undefined;
};

/**
 * @param body names user and call where an application asks for one
 * @throws ProblemError `user_forbidden` when the body names another user or call than the token
 */
export function identifyCaller(
  caller: Caller,
  address: string | undefined,
  body: Pick<IceServersRequest, 'userId' | 'callId'> = {},
): Identity {
  const { userId, callId } = body;
  switch (caller.kind) {
    case 'anonymous':
      return { caller, address, user: userOfAddress(address), isNamedInBody: false, callId };
    case 'api-key': {
      const isNamedInBody = userId !== undefined;
      const user = `key:${caller.keyId}:${isNamedInBody ? `user:${userId}` : userOfAddress(address)}`;
      return { caller, address, user, isNamedInBody, callId };
    }
    case 'jwt':
      if (userId !== undefined && userId !== caller.userId) throw otherThanTheToken('userId', 'sub');
      if (callId !== undefined && caller.callId !== undefined && callId !== caller.callId) {
        throw otherThanTheToken('callId', 'turn_call');
      }
      return {
        caller,
        address,
        user: userOfIssuer(caller),
        isNamedInBody: false,
        callId: caller.callId ?? callId,
      };
  }
}

/** The user whom a token's issuer names. */
export function userOfIssuer({ userId }: Extract<Caller, { kind: 'jwt' }>): string {
  return `user:${userId}`;
}

function userOfAddress(address: string | undefined): string {
  return `address:${address === undefined ? 'unknown' : customerPrefix(address)}`;
}

/** Refused rather than overridden: the application would wonder whose credential it got. */
function otherThanTheToken(field: string, claim: string): ProblemError {
  const detail = `Another than the token’s ${claim}: expected the same, or none`;
  return new ProblemError('user_forbidden', `${field}: ${detail}`, { errors: [{ field, detail }] });
}
