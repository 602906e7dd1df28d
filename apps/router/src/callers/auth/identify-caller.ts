import type { IceServersRequest } from '@turn-router/contract/http';
import { customerPrefix } from '@turn-router/contract/registry';
import { containsApiKey } from '@turn-router/turn-credentials';
import { ProblemError } from '../../problem-error.ts';
import { misplacedToken } from './auth-problems.ts';
import type { Caller } from './caller.ts';

/** The identity behind a request. It is computed once. Limits, revocations, credentials and log use it. */
export type Identity = {
  readonly caller: Caller;
  /** The address, in the form of `clientAddress`. */
  readonly address: string | undefined;
  /**
   * The name of the user for TURN server quotas, limits and revocations. Two users never have the same name. The names of an application's users
   * start with its key id, so that no application can name the users of another application.
   *
   * - an issuer's user: `user:<name in the token>`. If the issuer has a name: `issuer:<name>:user:<name in the token>`
   * - an application's user: `key:<key id>:user:<userId of the body>`
   * - a caller without a user name, or with a public API key: the customer prefix of its address (IPv4 /32, IPv6 /64). If there is an API key, the key id stands in front
   */
  readonly user: string;
  /** Whether an application has named the user in the body. */
  readonly isNamedInBody: boolean;
  /** The call of the request. The token names it, or else the body. */
  readonly callId: string | undefined;
};

/**
 * @param body may name user and call
 * @throws ProblemError `unauthenticated` if the body names an API key as its user, `user_forbidden` if the body names a different user or call than the token
 */
export function identifyCaller(
  caller: Caller,
  address: string | undefined,
  body: Pick<IceServersRequest, 'userId' | 'callId'> = {},
): Identity {
  const { userId, callId } = body;
  if (userId !== undefined && containsApiKey(userId)) {
    throw misplacedToken('userId: The API key does not belong here: send "Authorization: Bearer <API key>"');
  }
  switch (caller.kind) {
    case 'anonymous':
      return { caller, address, user: userOfAddress(address), isNamedInBody: false, callId };
    case 'api-key': {
      // Everybody can take a public key from its page and name any user.
      const isNamedInBody = userId !== undefined && caller.scope.countsAsAnonymous !== true;
      const user = `key:${caller.keyId}:${isNamedInBody ? `user:${userId}` : userOfAddress(address)}`;
      return { caller, address, user, isNamedInBody, callId };
    }
    case 'jwt':
      if (userId !== undefined && userId !== caller.userId)
        throw differsFromToken('userId', 'the user that the token names');
      if (callId !== undefined && caller.callId !== undefined && callId !== caller.callId) {
        throw differsFromToken('callId', 'the token’s turn_call');
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

/** Returns the user that the token's issuer names. */
export function userOfIssuer({ userId, issuer }: Extract<Caller, { kind: 'jwt' }>): string {
  return issuer === undefined ? `user:${userId}` : `issuer:${issuer}:user:${userId}`;
}

function userOfAddress(address: string | undefined): string {
  return `address:${address === undefined ? 'unknown' : customerPrefix(address)}`;
}

/**
 * Creates the problem for a body that contradicts the token. The router does not replace the value: otherwise the application would get a
 * credential of a different user.
 */
function differsFromToken(field: string, expected: string): ProblemError {
  const detail = `Must equal ${expected}, or be omitted`;
  return new ProblemError('user_forbidden', `${field}: ${detail}`, { errors: [{ field, detail }] });
}
