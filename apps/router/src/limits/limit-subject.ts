import type { Policy } from '@turn-router/contract';
import { customerPrefix } from '../client-address.ts';

/** Who is limited, as far as it is known. */
export type LimitSubject = {
  /** In the form of `clientAddress`. */
  readonly address?: string | undefined;
  /** As `userOfCaller` names it. */
  readonly userId?: string | undefined;
  readonly keyId?: string | undefined;
  /** Bounds of its own, calls a minute, in place of the policy's; 0: none. */
  readonly perMinute?: Partial<Record<LimitKind, number | undefined>> | undefined;
};

type LimitKind = 'address' | 'key' | 'user';

/** One limit that a call falls under. */
export type LimitedId = { readonly kind: LimitKind; readonly id: string; readonly perMinute: number };

/** The limits that a call falls under; none when the policy has none. */
export function limitsOn(subject: LimitSubject, { limits }: Pick<Policy, 'limits'>): LimitedId[] {
  const { address, userId, keyId, perMinute = {} } = subject;
  const on: LimitedId[] = [];
  const limitBy = (kind: LimitKind, id: string | undefined, bound: number) => {
    const calls = perMinute[kind] ?? bound;
    if (id !== undefined && calls > 0) on.push({ kind, id, perMinute: calls });
  };
  limitBy('address', address, limits.perAddressPerMinute);
  limitBy('key', keyId, limits.perKeyPerMinute);
  limitBy('user', userId, limits.perUserPerMinute);
  return on;
}

/** One for all addresses of a customer; of no two kinds the same. */
export function bucketIdOf({ kind, id }: LimitedId): string {
  return `${kind}:${kind === 'address' ? customerPrefix(id) : id}`;
}
