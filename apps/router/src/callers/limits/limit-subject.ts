import type { Policy } from '@turn-router/contract/policy';
import { customerPrefix } from '@turn-router/contract/registry';
import type { Caller, CallerScope } from '../auth/caller.ts';
import type { LimitKind } from '../../observe/limit-metrics.ts';
import { userOfIssuer, type Identity } from '../auth/identify-caller.ts';

/** The caller that limits apply to, as far as the request has identified it. */
export type LimitSubject = {
  /** The address, in the form of `clientAddress`. */
  readonly address?: string | undefined;
  /** Whether the limit of anonymous callers applies. */
  readonly isAnonymous?: boolean;
  /** The user, as `Identity` names it. */
  readonly user?: string | undefined;
  readonly keyId?: string | undefined;
  /** The caller's own limits, calls per minute. They replace the policy's limits; 0: no limit. */
  readonly perMinute?: Partial<Record<'address' | 'key' | 'user', number | undefined>> | undefined;
};

/**
 * Returns the subject of a call before its body is read: the address, the key, and the user that the token names. The limits of an API key replace
 * the limits of the policy, so that an application server may send more calls than a single caller.
 */
export function subjectOfCaller(caller: Caller, address: string | undefined): LimitSubject {
  const { scope } = caller;
  switch (caller.kind) {
    case 'anonymous':
      return { address, isAnonymous: true };
    case 'api-key':
      return {
        address,
        keyId: caller.keyId,
        isAnonymous: scope.countsAsAnonymous === true && scope.limits?.perAddressPerMinute === undefined,
        perMinute: boundsOf(scope),
      };
    case 'jwt':
      return { address, user: userOfIssuer(caller), perMinute: boundsOf(scope) };
  }
}

/** Returns the user that an application names in the body. Returns undefined for other users, because `subjectOfCaller` has returned them. */
export function subjectOfBody({ caller, user, isNamedInBody }: Identity): LimitSubject | undefined {
  return isNamedInBody ? { user, perMinute: boundsOf(caller.scope) } : undefined;
}

function boundsOf({ limits }: CallerScope): LimitSubject['perMinute'] {
  return limits && { address: limits.perAddressPerMinute, key: limits.perKeyPerMinute, user: limits.perUserPerMinute };
}

/** One limit that applies to a call. */
export type LimitedId = { readonly kind: LimitKind; readonly id: string; readonly perMinute: number };

/** Returns the limits that apply to a call; empty if there are none. */
export function limitsOn(subject: LimitSubject, { limits }: Pick<Policy, 'limits'>): LimitedId[] {
  const { address, isAnonymous = false, user, keyId, perMinute = {} } = subject;
  const on: LimitedId[] = [];
  const limitBy = (kind: LimitKind, id: string | undefined, calls: number) => {
    if (id !== undefined && calls > 0) on.push({ kind, id, perMinute: calls });
  };
  limitBy('address', address, perMinute.address ?? limits.perAddressPerMinute);
  if (isAnonymous) limitBy('anonymous', address, limits.anonymousPerAddressPerMinute);
  limitBy('key', keyId, perMinute.key ?? limits.perKeyPerMinute);
  limitBy('user', user, perMinute.user ?? limits.perUserPerMinute);
  return on;
}

/** Returns the bucket id, which includes the kind. All addresses of a customer prefix share a bucket. */
export function bucketIdOf({ kind, id }: LimitedId): string {
  return `${kind}:${isAddress(kind) ? customerPrefix(id) : id}`;
}

/** Whether this kind limits an address. Logs must truncate addresses. */
export function isAddress(kind: LimitKind): boolean {
  return kind === 'address' || kind === 'anonymous';
}
