/**
 * The reason why an exchange with a STUN/TURN server failed.
 *
 * - `timeout`: no usable response came within `timeoutMs`.
 * - `unreachable`: the host name was not found, the connection was refused, reset or closed, or an ICMP error came.
 * - `tls`: TCP connected, but TLS failed because of the certificate, the name or the protocol.
 * - `malformed`: the response is not a valid STUN message, or its integrity check fails.
 * - `realm`: the server's realm is not the expected one.
 * - `refused`: the server sent a STUN error response. `stunErrorCode` and `reason` have its code and text.
 * - `aborted`: the caller's signal fired.
 */
export type StunErrorCode = 'timeout' | 'unreachable' | 'tls' | 'malformed' | 'realm' | 'refused' | 'aborted';

/**
 * The reason why an exchange failed, as a code that programs may store and compare. The set is closed.
 *
 * - `credentials_refused`: the server answers 401 to a signed request. It has another secret, or by its clock the credentials have expired.
 * - `wrong_realm`: the server's realm is not the expected one.
 * - `draining`: the server answers 403 to Allocate. coturn 4.6.3 and later sends it while it drains.
 * - `peer_forbidden`: the server answers 403 to CreatePermission. The server's rules do not allow this peer.
 * - `allocation_mismatch`: 437. The server has another allocation on this 5-tuple, or it has no allocation there.
 * - `stale_nonce`: 438. The server refuses even the nonce that it has just sent.
 * - `family_unsupported`: 440. The server has no relayed address of the requested family.
 * - `wrong_credentials`: 441. The allocation was made with other credentials.
 * - `quota_reached`: 486. The user's or the server's quota of allocations is used up.
 * - `no_capacity`: 508. No relay port is left.
 * - `not_relayed`: the server granted the allocation and the permission, but the datagram did not come back.
 * - `wrong_relay_address`: the server relays from another address than the relayed address, or callers cannot use the relayed address.
 * - `certificate_…`: TLS failed because of the server's certificate. `…_untrusted` means that no trusted authority signed it.
 * - any other: see the `StunErrorCode` of that name. `refused` means any other error response.
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
  | 'wrong_relay_address'
  | 'certificate_expired'
  | 'certificate_not_yet_valid'
  | 'certificate_wrong_name'
  | 'certificate_untrusted';
