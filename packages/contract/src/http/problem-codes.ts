/** Every problem that a caller can meet. The set is closed; a code never changes its meaning. */
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
  'not_found',
  'not_revoked',
  'method_not_allowed',
  'request_timeout',
  'body_too_large',
  'unsupported_media_type',
  'rate_limited',
  'headers_too_large',
  'internal_error',
  'no_relay_available',
  'region_unavailable',
  'region_forbidden',
  'fleet_overloaded',
  'registry_unavailable',
  'auth_unavailable',
  'worker_unavailable',
] as const;

export type ProblemCode = (typeof problemCodes)[number];

/** What each code is in HTTP. */
export const problems = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  unknown_region: { status: 400, title: 'The region does not exist' },
  unauthorized: { status: 401, title: 'A valid token is needed' },
  unauthenticated: { status: 401, title: 'The caller has not said who it is' },
  invalid_token: { status: 401, title: 'The token is not valid' },
  token_expired: { status: 401, title: 'The token has expired' },
  origin_forbidden: { status: 403, title: 'The token is not for pages of this origin' },
  user_forbidden: { status: 403, title: 'The token is for another user or call' },
  revoked: { status: 403, title: 'The caller is revoked' },
  role_forbidden: { status: 403, title: 'The token has another role' },
  not_found: { status: 404, title: 'There is nothing at this path' },
  not_revoked: { status: 404, title: 'Nobody of that name is revoked' },
  method_not_allowed: { status: 405, title: 'The path does not know this method' },
  request_timeout: { status: 408, title: 'The request took too long' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body is not JSON' },
  rate_limited: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  internal_error: { status: 500, title: 'The router failed' },
  no_relay_available: { status: 503, title: 'No TURN relay is available' },
  region_unavailable: { status: 503, title: 'The required region has no relay' },
  region_forbidden: { status: 403, title: 'The caller may not be relayed in the required region' },
  fleet_overloaded: { status: 503, title: 'Every region that may serve the caller is full' },
  registry_unavailable: { status: 503, title: 'The registry does not answer' },
  auth_unavailable: { status: 503, title: 'Tokens cannot be checked yet' },
  worker_unavailable: { status: 503, title: 'No worker process answers' },
} as const satisfies Record<ProblemCode, { status: number; title: string }>;

/** The stable `type` of a problem (RFC 9457 §3.1.1). */
export function problemType(code: ProblemCode): string {
  return `urn:turn-router:problem:${code}`;
}
