import type { OriginSet } from '../origins.ts';

/** The ways of authentication, as AUTH names them. */
export const authWays = ['anonymous', 'api-key', 'jwt'] as const;

/** Requests per minute that a caller's token allows. Each value replaces the policy's limit of the same name; 0: no limit. */
export type CallerLimits = {
  readonly perKeyPerMinute?: number | undefined;
  readonly perUserPerMinute?: number | undefined;
  readonly perAddressPerMinute?: number | undefined;
};

/** Restrictions of a caller's token. If a field is undefined, policy and settings apply. */
export type CallerScope = {
  /** Origins whose pages may use the token and read responses. */
  readonly origins?: OriginSet | undefined;
  /** The regions that may relay for the caller, at least one. */
  readonly regions?: ReadonlySet<string> | undefined;
  /** Bounds of the credential TTL, seconds. */
  readonly minTtlSeconds?: number | undefined;
  readonly maxTtlSeconds?: number | undefined;
  readonly limits?: CallerLimits | undefined;
  /** Whether the callers count as anonymous, because the API key is public. The bounds and limits of the key replace those for anonymous callers. */
  readonly countsAsAnonymous?: boolean | undefined;
};

/** The authenticated caller. Where possible, requests with the same token share one object. */
export type Caller =
  /** A caller without a token. Only its address identifies it, whatever the body says. */
  | { readonly kind: 'anonymous'; readonly scope: CallerScope }
  /** An application. It vouches for the users that its request bodies name. `keyId` stays the same when the secret is rotated. */
  | { readonly kind: 'api-key'; readonly keyId: string; readonly scope: CallerScope }
  /** A user that a trusted issuer names, usually by `sub`. The token may also name the call that it is valid for. */
  | {
      readonly kind: 'jwt';
      /** The user as the token names it. It is unique only within the issuer. */
      readonly userId: string;
      /** The name of the issuer in JWT_ISSUERS_FILE; undefined: the issuer without a name. */
      readonly issuer?: string | undefined;
      readonly callId?: string | undefined;
      readonly scope: CallerScope;
    };
