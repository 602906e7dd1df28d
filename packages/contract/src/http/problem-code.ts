/** All problem codes that a caller can get. No other codes exist, and the meaning of a released code never changes. */
const problemCodes = [
  'invalid_request',
  'unknown_region',
  'unauthorized',
  'unauthenticated',
  'invalid_token',
  'token_expired',
  'origin_forbidden',
  'user_forbidden',
  'revoked',
  'role_forbidden',
  'region_forbidden',
  'target_forbidden',
  'proofs_forbidden',
  'not_found',
  'unknown_node',
  'not_revoked',
  'method_not_allowed',
  'no_common_key',
  'request_timeout',
  'body_too_large',
  'unsupported_media_type',
  'rate_limited',
  'headers_too_large',
  'internal_error',
  'no_relay_available',
  'region_unavailable',
  'fleet_overloaded',
  'registry_unavailable',
  'auth_unavailable',
  'revocations_unknown',
  'worker_unavailable',
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/** The party that has to act before the request can succeed. */
export type ProblemActor = 'caller' | 'operator' | 'nobody';

/**
 * Whether a client may send the request again.
 *
 * - `never`: do not repeat it
 * - `after_change`: only after the request, the token or the settings have changed
 * - `later`: the same request may succeed. A 429 and every 503 carry `Retry-After` in seconds
 */
export type ProblemRetry = 'never' | 'after_change' | 'later';

/** The documentation of one code. In the texts, backquotes enclose literals. */
export type ProblemEntry = {
  /** The HTTP status. */
  readonly status: number;
  readonly title: string;
  /** When the problem occurs. */
  readonly meaning: string;
  readonly actor: ProblemActor;
  /** The action that solves the problem. */
  readonly remedy: string;
  readonly retry: ProblemRetry;
};
