/** The ways in which a caller may say who it is; the names that AUTH takes. */
export const authWays = ['anonymous', 'api-key', 'jwt'] as const;

/** Requests a minute that a caller's own token allows, each in place of the policy's limit of that name; 0: no limit. */
export type CallerLimits = {
  readonly perKeyPerMinute?: number | undefined;
  readonly perUserPerMinute?: number | undefined;
  readonly perAddressPerMinute?: number | undefined;
};

/** What a caller's token narrows. Undefined, everywhere: as the policy and the settings say. */
export type CallerScope = {
  /** Pages that may use the token and read the answers, exact. */
  readonly origins?: ReadonlySet<string> | undefined;
  /** Regions that may relay for the caller, at least one. */
  readonly regions?: ReadonlySet<string> | undefined;
  /** Bounds of a credential's life, seconds. */
  readonly minTtlSeconds?: number | undefined;
  readonly maxTtlSeconds?: number | undefined;
  readonly limits?: CallerLimits | undefined;
};

/** Who asks, as far as it has been proven. Of one token the same object again and again where that is possible. */
export type Caller =
  /** Nobody vouches for it: it is its address, whatever the body says. */
  | { readonly kind: 'anonymous'; readonly scope: CallerScope }
  /** An application, which vouches for the users that it names in bodies. `keyId` outlives a change of the key's secret. */
  | { readonly kind: 'api-key'; readonly keyId: string; readonly scope: CallerScope }
  /** A user that a trusted issuer names (`sub`), and perhaps the call that the token is for. */
  | {
      readonly kind: 'jwt';
      readonly userId: string;
      readonly callId?: string | undefined;
      readonly scope: CallerScope;
    };
