/** The ways of authentication, as AUTH names them. */
export const authWays = ['anonymous', 'api-key', 'jwt'] as const;

/** Requests per minute that a caller's token allows. Each replaces the policy's limit of the same name; 0: no limit. */
export type CallerLimits = {
  readonly perKeyPerMinute?: number | undefined;
  readonly perUserPerMinute?: number | undefined;
  readonly perAddressPerMinute?: number | undefined;
};

/** Restrictions of a caller's token. Undefined fields: policy and settings apply. */
export type CallerScope = {
  /** Origins whose pages may use the token and read responses; matched exactly. */
  readonly origins?: ReadonlySet<string> | undefined;
  /** Regions that may relay for the caller, at least one. */
  readonly regions?: ReadonlySet<string> | undefined;
  /** Bounds of the credential TTL, seconds. */
  readonly minTtlSeconds?: number | undefined;
  readonly maxTtlSeconds?: number | undefined;
  readonly limits?: CallerLimits | undefined;
};

/** The authenticated caller. Requests with the same token share one object where possible. */
export type Caller =
  /** Identified by its address only, whatever the body says. */
  | { readonly kind: 'anonymous'; readonly scope: CallerScope }
  /** An application, which vouches for the users that it names in bodies. Rotating the secret keeps `keyId`. */
  | { readonly kind: 'api-key'; readonly keyId: string; readonly scope: CallerScope }
  /** A user named by a trusted issuer (`sub`), and optionally the call that the token is valid for. */
  | {
      readonly kind: 'jwt';
      readonly userId: string;
      readonly callId?: string | undefined;
      readonly scope: CallerScope;
    };
