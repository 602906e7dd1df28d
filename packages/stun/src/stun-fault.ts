/**
 * Why an exchange with a STUN/TURN server brought no result.
 *
 * - `timeout`: nothing usable came within `timeoutMs`.
 * - `unreachable`: name not found, connection refused, reset or closed, ICMP unreachable.
 * - `tls`: TCP connected but TLS did not: certificate, name or protocol.
 * - `malformed`: something answered, but not with a STUN message that can be parsed and whose integrity holds.
 * - `realm`: the server's realm is not the expected one.
 * - `refused`: a STUN error response; `stunErrorCode` and `reason` say which.
 * - `aborted`: the caller's signal fired.
 */
export type StunErrorCode = 'timeout' | 'unreachable' | 'tls' | 'malformed' | 'realm' | 'refused' | 'aborted';

/**
 * Why an exchange brought no result, as a closed set of words that programs may store and compare.
 *
 * - `credentials_refused`: 401 to signed credentials: another secret, or expired by the server's clock.
 * - `wrong_realm`: the server's realm is not the expected one.
 * - `draining`: 403 to Allocate: coturn since 4.6.3 says so while it drains.
 * - `peer_forbidden`: 403 to CreatePermission: the server's rules do not allow this peer.
 * - `allocation_mismatch`: 437: the server has another allocation, or none, on this 5-tuple.
 * - `stale_nonce`: 438 even to the nonce that the server had just given.
 * - `family_unsupported`: 440: no relayed address of the wanted family.
 * - `wrong_credentials`: 441: not those that the allocation was made with.
 * - `quota_reached`: 486: the user's or the server's quota of allocations.
 * - `no_capacity`: 508: no relay port left.
 * - `not_relayed`: allocated and permitted, but the datagram did not come back.
 * - `certificate_…`: TLS failed by the server's certificate; `…_untrusted` means that no trusted authority vouches for it.
 * - any other: as the `StunErrorCode` of that name; `refused` then is some other error response.
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
