/**
 * Why an exchange with a STUN/TURN server failed.
 *
 * - `timeout`: no usable response came within `timeoutMs`.
 * - `unreachable`: name not found, connection refused, reset or closed, ICMP unreachable.
 * - `tls`: TCP connected but TLS did not: certificate, name or protocol.
 * - `malformed`: the response is not a valid STUN message, or its integrity check fails.
 * - `realm`: the server's realm is not the expected one.
 * - `refused`: a STUN error response; `stunErrorCode` and `reason` tell which.
 * - `aborted`: the caller's signal fired.
 */
export type StunErrorCode = 'timeout' | 'unreachable' | 'tls' | 'malformed' | 'realm' | 'refused' | 'aborted';

/**
 * Why an exchange failed, as a closed set of words that programs may store and compare.
 *
 * - `credentials_refused`: 401 to signed credentials: the server has another secret, or its clock considers them expired.
 * - `wrong_realm`: the server's realm is not the expected one.
 * - `draining`: 403 to Allocate: coturn since 4.6.3 sends it while it drains.
 * - `peer_forbidden`: 403 to CreatePermission: the server's rules do not allow this peer.
 * - `allocation_mismatch`: 437: the server has another allocation, or none, on this 5-tuple.
 * - `stale_nonce`: 438 even to the nonce that the server has just sent.
 * - `family_unsupported`: 440: the server has no relayed address of the requested family.
 * - `wrong_credentials`: 441: the allocation was made with other credentials.
 * - `quota_reached`: 486: the user's or the server's quota of allocations is used up.
 * - `no_capacity`: 508: no relay port is left.
 * - `not_relayed`: allocated and permitted, but the datagram did not come back.
 * - `certificate_…`: TLS failed because of the server's certificate; `…_untrusted`: no trusted authority signed it.
 * - any other: the `StunErrorCode` of that name; `refused` is any other error response.
 */
export type StunFault =
  | StunErrorCode
  | 'credentials_refused'
  | 'wrong_realm'
  | 'draining'
  | 'peer_forbidden'
  | 'allocation_mismatch'
  | 'stale_nonce'
  | 'family_unsupported'
  | 'wrong_credentials'
  | 'quota_reached'
  | 'no_capacity'
  | 'not_relayed'
  | 'certificate_expired'
  | 'certificate_not_yet_valid'
  | 'certificate_wrong_name'
  | 'certificate_untrusted';
