import type { Policy } from '@turn-router/contract/policy';
import { customerPrefix } from '@turn-router/contract/registry';
import type { Caller, CallerScope } from '../auth/caller.ts';
import type { LimitKind } from '../../observe/limit-metrics.ts';
import { userOfIssuer, type Identity } from '../auth/identify-caller.ts';

/** Who is limited, as far as it is known. */
export type LimitSubject = {
  /** In the form of `clientAddress`. */
  readonly address?: string | undefined;
  /** Nobody vouches for who is behind the address. */
  readonly isAnonymous?: boolean;
  /** As `Identity` names it. */
  readonly userId?: string | undefined;
  readonly keyId?: string | undefined;
  /** Bounds of its own, calls a minute, in place of the policy's; 0: none. */
  readonly perMinute?: Partial<Record<'address' | 'key' | 'user', number | undefined>> | undefined;
};

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
      return { address, userId: userOfIssuer(caller), perMinute: boundsOf(scope) };
  }
}

/** The user whom an application names in a body; undefined for every other user, who has been limited before. */
export function subjectOfBody({ caller, user, isNamedInBody }: Identity): LimitSubject | undefined {
  return isNamedInBody ? { userId: user, perMinute: boundsOf(caller.scope) } : undefined;
}

function boundsOf({ limits }: CallerScope): LimitSubject['perMinute'] {
  return limits && { address: limits.perAddressPerMinute, key: limits.perKeyPerMinute, user: limits.perUserPerMinute };
}

/** One limit that a call falls under. */
export type LimitedId = { readonly kind: LimitKind; readonly id: string; readonly perMinute: number };

/** The limits that a call falls under; none when the policy has none. */
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

/** One for all addresses of a customer; of no two kinds the same. */
export function bucketIdOf({ kind, id }: LimitedId): string {
  return `${kind}:${isAddress(kind) ? customerPrefix(id) : id}`;
}

/** Whether what is limited is an address, to be shortened wherever it is written down. */
export function isAddress(kind: LimitKind): boolean {
  return kind === 'address' || kind === 'anonymous';
}
