import type { IceServersRequest } from '@turn-router/contract';
import type { Caller, CallerScope } from '../auth/caller.ts';
import { userOfCaller } from '../auth/user-of-caller.ts';
import type { LimitSubject } from './limit-subject.ts';

/**
 * What a call is limited by before its body is read: the address, the key, and the user whom a token names. A key's own bounds stand in
 * place of the policy's, so that an application server is not taken for one caller with many calls.
 */
export function subjectOfCaller(caller: Caller, address: string | undefined): LimitSubject {
  const { scope } = caller;
  switch (caller.kind) {
    case 'anonymous':
      return { address, isAnonymous: true };
    case 'api-key':
      return { address, keyId: caller.keyId, perMinute: boundsOf(scope) };
    case 'jwt':
      return { address, userId: userOfCaller(caller, {}, address), perMinute: boundsOf(scope) };
  }
}

/** The user whom an application names in a body; undefined when it names none, and for callers who are not believed to know. */
export function subjectOfRequest(
  caller: Caller,
  request: Pick<IceServersRequest, 'userId'>,
  address: string | undefined,
): LimitSubject | undefined {
  if (caller.kind !== 'api-key' || request.userId === undefined) return undefined;
  return { userId: userOfCaller(caller, request, address), perMinute: boundsOf(caller.scope) };
}

function boundsOf({ limits }: CallerScope): LimitSubject['perMinute'] {
  return limits && { address: limits.perAddressPerMinute, key: limits.perKeyPerMinute, user: limits.perUserPerMinute };
}
