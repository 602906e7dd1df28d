import type { ProblemCode, ProblemEntry } from './problem-code.ts';

/** The status and the documentation of each code. */
export const problems = {
  invalid_request: {
    status: 400,
    title: 'The request is not valid',
    meaning:
      'A field, the path, the query or the body is malformed, out of bounds or unknown. Or the received bytes are not HTTP/1.1, such as a PROXY protocol header.',
    actor: 'caller',
    remedy: 'Correct each field that `errors` or `detail` names. Then send the request again.',
    retry: 'after_change',
  },
  unknown_region: {
    status: 400,
    title: 'The region does not exist',
    meaning:
      'The policy has no region with this name. If the request is a fleet query, no node reports for this region either.',
    actor: 'caller',
    remedy:
      'Use a region that `detail` lists. For a node report, change the region of the reporter to a region of the policy, or add the region to the policy.',
    retry: 'after_change',
  },
  unauthorized: {
    status: 401,
    title: 'A valid token is needed',
    meaning:
      "A node report, or another request of a reporter, arrived without a valid reporter token. Valid tokens are the router's REPORTER_TOKEN, and the node's own token, which is derived from REPORTER_TOKEN.",
    actor: 'operator',
    remedy: "Give the health-reporter the router's REPORTER_TOKEN or the token of its node.",
    retry: 'after_change',
  },
  unauthenticated: {
    status: 401,
    title: 'Authentication is required',
    meaning:
      'The request has no usable `Authorization` header, and this route does not accept anonymous requests. Or an API key or a JWT is in the wrong place: in another header, under another scheme or in the query. `detail` says where it belongs.',
    actor: 'caller',
    remedy:
      'Send `Authorization: Bearer` followed by an API key or a JWT. For the admin API, send an admin token instead.',
    retry: 'after_change',
  },
  invalid_token: {
    status: 401,
    title: 'The token is not valid',
    meaning:
      'The router rejected the API key, JWT or admin token. The token is malformed, unknown, revoked or not accepted by this router. Or its signature or a claim does not match. `detail` has the reason.',
    actor: 'caller',
    remedy:
      "Get a valid token. If a new token is rejected too, compare its issuer, audience and signing key with the router's settings.",
    retry: 'after_change',
  },
  token_expired: {
    status: 401,
    title: 'The token has expired',
    meaning: 'The expiry time of the JWT (`exp`) or of the API key has passed.',
    actor: 'caller',
    remedy: 'Get a new token or a new API key, then send the request again.',
    retry: 'after_change',
  },
  origin_forbidden: {
    status: 403,
    title: 'The API key does not allow this origin',
    meaning: 'The API key has a list of allowed origins. The `Origin` of the request is not in this list.',
    actor: 'operator',
    remedy: 'Add the origin to the API key, or use a key that allows it.',
    retry: 'after_change',
  },
  user_forbidden: {
    status: 403,
    title: 'The token is for another user or call',
    meaning: '`userId` differs from the user that the token names, or `callId` differs from its `turn_call`.',
    actor: 'caller',
    remedy: 'Omit the field, or send the value that the token holds.',
    retry: 'after_change',
  },
  revoked: {
    status: 403,
    title: 'The caller is revoked',
    meaning: 'An operator revoked this user, API key or address. The reason is not disclosed to the caller.',
    actor: 'nobody',
    remedy: 'The refusal is intended: stop sending requests. If it is a mistake, an operator can lift the revocation.',
    retry: 'never',
  },
  role_forbidden: {
    status: 403,
    title: 'The token lacks the required role',
    meaning: 'The admin token is valid, but its role may not perform this action. `detail` names the required role.',
    actor: 'caller',
    remedy: 'Use a token with the required role.',
    retry: 'after_change',
  },
  region_forbidden: {
    status: 403,
    title: 'The required region is not allowed for this caller',
    meaning: "`requireRegion` names a region that the caller's token or the policy's residency rules exclude.",
    actor: 'caller',
    remedy: 'Omit `requireRegion` to get an allowed region, or name an allowed one.',
    retry: 'after_change',
  },
  target_forbidden: {
    status: 403,
    title: 'The node is no target of this prober',
    meaning:
      'The prober asked for a credential for a node that it neither probes in every round nor confirms. Right after nodes have joined or left, the router and the prober may know different nodes.',
    actor: 'nobody',
    remedy:
      'The reporter probes the node with Binding requests only until both know the same nodes. If it lasts, check that the reporter and the router use the same registry.',
    retry: 'later',
  },
  proofs_forbidden: {
    status: 403,
    title: 'The router may not use proofs',
    meaning: "The router's Redis user has no permission to read or write the proofs of probers.",
    actor: 'operator',
    remedy: "Give the router's Redis user the rules for `turn:proof:*` that `npm run redis-acl` prints.",
    retry: 'after_change',
  },
  not_found: {
    status: 404,
    title: 'The path does not exist',
    meaning:
      'This listener has no route at the requested path. Some routes exist only if a setting enables them, such as REPORTER_TOKEN or ADMIN_TOKEN.',
    actor: 'caller',
    remedy: 'Use a path that `/openapi.json` lists. If the path is correct, set the setting that enables its route.',
    retry: 'after_change',
  },
  unknown_node: {
    status: 404,
    title: 'The node does not exist',
    meaning: 'The registry has no record of the target node. It has left, or it has never reported.',
    actor: 'nobody',
    remedy: 'Read the list of probe targets again. A node that has left needs no probes.',
    retry: 'after_change',
  },
  not_revoked: {
    status: 404,
    title: 'The subject is not revoked',
    meaning: 'The request lifts the revocation of a subject, but this subject has no revocation.',
    actor: 'nobody',
    remedy:
      'Compare the spelling of the subject with the list of revocations. If the spelling is correct, nothing is left to do.',
    retry: 'never',
  },
  method_not_allowed: {
    status: 405,
    title: 'The path does not support this method',
    meaning: 'The path exists, but not for this HTTP method. `Allow` lists the supported methods.',
    actor: 'caller',
    remedy: 'Use a method that `Allow` lists.',
    retry: 'after_change',
  },
  no_common_key: {
    status: 409,
    title: 'The router has no key that the node accepts',
    meaning:
      'By its fingerprints, the node has another secret under each key id of the router. Callers get no credentials for this node either.',
    actor: 'operator',
    remedy: 'Give the node and the routers the same secret. The log of the router has the key ids that differ.',
    retry: 'after_change',
  },
  request_timeout: {
    status: 408,
    title: 'The request took too long',
    meaning:
      'The headers did not arrive within 5 s, or the whole request within 10 s. The router closed the connection.',
    actor: 'caller',
    remedy:
      'Send the request again on a new connection. If it recurs, check the network and the proxy between client and router.',
    retry: 'later',
  },
  body_too_large: {
    status: 413,
    title: 'The body is too large',
    meaning:
      'The body is larger than this route accepts, or its chunk extensions are too large. If the body is too large, `detail` gives the limit in bytes.',
    actor: 'caller',
    remedy: 'Send a smaller body.',
    retry: 'after_change',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The body is not JSON',
    meaning: 'The body is not declared as `application/json`, is compressed, or is not in UTF-8.',
    actor: 'caller',
    remedy: 'Send uncompressed UTF-8 JSON with `Content-Type: application/json`.',
    retry: 'after_change',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    meaning:
      'The address, the user or the API key has used up its calls per minute. All routers together enforce this limit. Refused calls are not counted. For a prober: it has sent more proofs, or asked for more credentials, than each process of the router accepts in a minute.',
    actor: 'caller',
    remedy:
      'Wait as many seconds as `Retry-After` says. If legitimate callers are refused, an operator can raise the limit.',
    retry: 'later',
  },
  headers_too_large: {
    status: 431,
    title: 'The headers are too large',
    meaning: 'The request line and the headers together exceed 32 KiB, or there are more than 256 header lines.',
    actor: 'caller',
    remedy: 'Send fewer or shorter headers, such as cookies.',
    retry: 'after_change',
  },
  internal_error: {
    status: 500,
    title: 'The router failed',
    meaning:
      'An unexpected error occurred in the router. The log line with the `requestId` of this response has the cause.',
    actor: 'operator',
    remedy:
      'Search the log of the router for the `requestId`, and report the error. The caller may retry with increasing delays.',
    retry: 'later',
  },
  no_relay_available: {
    status: 503,
    title: 'No TURN relay is available',
    meaning:
      'In the regions that may serve the caller, no healthy node and no static node of the policy fits the request.',
    actor: 'operator',
    remedy: 'Check the health-reporters, the registry and the TURN servers.',
    retry: 'later',
  },
  region_unavailable: {
    status: 503,
    title: 'The required region has no relay',
    meaning: 'At the moment, the region in `requireRegion` has no healthy node that fits the request.',
    actor: 'operator',
    remedy: 'Check the nodes of the region. The caller may use `preferRegion` instead.',
    retry: 'later',
  },
  fleet_overloaded: {
    status: 503,
    title: 'Every allowed region is full',
    meaning:
      'Every region that may serve the caller is full, and the policy refuses calls to full regions (`overload: refuse`).',
    actor: 'operator',
    remedy: 'Add capacity.',
    retry: 'later',
  },
  registry_unavailable: {
    status: 503,
    title: 'The registry is unavailable',
    meaning:
      'The registry refused the command, or did not answer. Or another client changed the same entry again and again. `detail` says which action failed.',
    actor: 'operator',
    remedy: "Check Redis and the permissions of the router's Redis user.",
    retry: 'later',
  },
  auth_unavailable: {
    status: 503,
    title: 'Tokens cannot be checked yet',
    meaning:
      "The router cannot check this token. Since its start, it could not load the API keys or the issuer's JWKS. Or the JWKS holds an invalid key with the name in the token. `detail` has the reason.",
    actor: 'operator',
    remedy:
      'Check the connection to Redis and to the JWKS URL. If the JWKS is at fault, see the event `jwks.keys_ignored` in the log.',
    retry: 'later',
  },
  revocations_unknown: {
    status: 503,
    title: 'The list of revocations is incomplete',
    meaning:
      'The router cannot tell whether this caller is revoked. It has no complete list of revocations, neither from Redis nor from `STATE_DIR`.',
    actor: 'operator',
    remedy: 'Check the connection to Redis, or repair the files of the revocations in `STATE_DIR`.',
    retry: 'later',
  },
  worker_unavailable: {
    status: 503,
    title: 'No worker process answers',
    meaning: 'The admin API asked the worker processes for the state of the fleet, and none answered in time.',
    actor: 'operator',
    remedy: 'Check whether the workers are overloaded or restarting.',
    retry: 'later',
  },
} as const satisfies Record<ProblemCode, ProblemEntry>;

/** The stable `type` of a problem (RFC 9457 §3.1.1). */
export function problemType(code: ProblemCode): string {
  return `urn:turn-router:problem:${code}`;
}
