import type { JWTHeaderParameters } from 'jose';
import { judgeMember, type JudgedKey, type VerifyingKey } from './judge-key.ts';
import { isSameAlgorithm } from './jwt-algorithms.ts';

/** The public keys of an issuer. */
export type KeySet = {
  readonly usable: readonly VerifyingKey[];
  /** The members that cannot check signatures, because they are broken, weak or secret. */
  readonly ignored: readonly (JudgedKey & { readonly kind: 'ignored' })[];
};

/** Judges the members of a JWKS one by one. */
export function keySetFrom(members: readonly unknown[]): KeySet {
  const judged = members.map(judgeMember);
  return {
    usable: judged.flatMap((each) => (each.kind === 'usable' ? [each.key] : [])),
    ignored: judged.filter((each) => each.kind === 'ignored'),
  };
}

/** The keys that may have signed a token. */
export type Candidates = {
  /** Fitting keys with the name (`kid`) of the token. */
  readonly named: readonly VerifyingKey[];
  /** Fitting keys that may have signed the token, because the key or the token has no name. */
  readonly unnamed: readonly VerifyingKey[];
  /** Why the key that the token names cannot be used; undefined if there is no such reason. */
  readonly fault: string | undefined;
};

export function candidatesIn({ usable, ignored }: KeySet, { kid, alg }: JWTHeaderParameters): Candidates {
  const fitting = usable.filter((key) => key.fits.includes(alg) && isSameAlgorithm(key.alg, alg));
  return {
    named: kid === undefined ? [] : fitting.filter((key) => key.kid === kid),
    unnamed: fitting.filter((key) => kid === undefined || key.kid === undefined),
    fault: kid === undefined ? undefined : ignored.find((member) => member.kid === kid)?.reason,
  };
}
