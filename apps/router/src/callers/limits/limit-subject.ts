import type { Policy } from '@turn-router/contract/policy';
import { customerPrefix } from '@turn-router/contract/registry';
import type { Caller, CallerScope } from '../auth/caller.ts';
import type { LimitKind } from '../../observe/limit-metrics.ts';
import { userOfIssuer, type Identity } from '../auth/identify-caller.ts';

/** The caller that limits apply to, as far as it is known. */
export type LimitSubject = {
  /** In the form of `clientAddress`. */
  readonly address?: string | undefined;
  /** Whether the caller is anonymous. */
  readonly isAnonymous?: boolean;
  /** As `Identity` names it. */
  readonly userId?: string | undefined;
  readonly keyId?: string | undefined;
  /** The caller's own limits, calls per minute, which replace the policy's; 0: no limit. */
  readonly perMinute?: Partial<Record<'address' | 'key' | 'user', number | undefined>> | undefined;
};

/**
 * Returns the subject of a call before its body is read: address, key, and the user that a token names. A key's own limits replace the policy's,
 * so that an application server is not limited like a single caller.
 */
export function subjectOfCaller(caller: Caller, address: string | undefined): LimitSubject {
  const { scope } = caller;
  switch (caller.kind) {
    case 'anonymous':
      return { address, isAnonymous: true };
    case 'api-key':
      return { address, keyId: caller.keyId, perMinute: boundsOf(scope) };
    case 'jwt':
      return { address, userId: userOfIssuer(caller), perMinute: boundsOf(scope) };
  }
}

/** Returns the user that an application names in the body; undefined for other users, which `subjectOfCaller` has covered. */
export function subjectOfBody({ caller, user, isNamedInBody }: Identity): LimitSubject | undefined {
  return isNamedInBody ? { userId: user, perMinute: boundsOf(caller.scope) } : undefined;
}

function boundsOf({ limits }: CallerScope): LimitSubject['perMinute'] {
  return limits && { address: limits.perAddressPerMinute, key: limits.perKeyPerMinute, user: limits.perUserPerMinute };
}

/** One limit that applies to a call. */
export type LimitedId = { readonly kind: LimitKind; readonly id: string; readonly perMinute: number };

/** Returns the limits that apply to a call; empty if there are none. */
export function limitsOn(subject: LimitSubject, { limits }: Pick<Policy, 'limits'>): LimitedId[] {
  const { address, isAnonymous = false, userId, keyId, perMinute = {} } = subject;
  const on: LimitedId[] = [];
  const limitBy = (kind: LimitKind, id: string | undefined, calls: number) => {
    if (id !== undefined && calls > 0) on.push({ kind, id, perMinute: calls });
  };
  limitBy('address', address, perMinute.address ?? limits.perAddressPerMinute);
  if (isAnonymous) limitBy('anonymous', address, limits.anonymousPerAddressPerMinute);
  limitBy('key', keyId, perMinute.key ?? limits.perKeyPerMinute);
  limitBy('user', userId, perMinute.user ?? limits.perUserPerMinute);
  return on;
}

/** Returns the bucket id, which includes the kind. All addresses of a customer prefix share a bucket. */
export function bucketIdOf({ kind, id }: LimitedId): string {
  return `${kind}:${isAddress(kind) ? customerPrefix(id) : id}`;
}

/** Whether this kind limits an address, which must be truncated in logs. */
export function isAddress(kind: LimitKind): boolean {
  return kind === 'address' || kind === 'anonymous';
}
