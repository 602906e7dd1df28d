/**
 * Why a path of a node failed for a prober, or what the prober remarks about a path that works. The set is closed: programs store and compare
 * these words, and metrics use them as labels. The first group has the names of `StunFault` in packages/stun.
 */
export const proofReasons = [
  // The exchange with the TURN server failed.
  'timeout',
  'unreachable',
  'tls',
  'malformed',
  'realm',
  'refused',
  'aborted',
  'credentials_refused',
  'wrong_realm',
  'draining',
  'peer_forbidden',
  'allocation_mismatch',
  'stale_nonce',
  'family_unsupported',
  'wrong_credentials',
  'quota_reached',
  'no_capacity',
  'not_relayed',
  'certificate_expired',
  'certificate_not_yet_valid',
  'certificate_wrong_name',
  'certificate_untrusted',
  /** The datagram came back from another address than the relayed address, or the relayed address is not one that callers can reach. */
  'wrong_relay_address',
  // The prober did not try the path. So the path says nothing about the node.
  /** The record names no address for this path. */
  'not_published',
  /** The address rules forbid probers this address, such as loopback and link-local addresses. */
  'address_forbidden',
  /** The prober has no address of this family, or no route for it. */
  'no_route',
  // Remarks about a path that works.
  /** The server answers no Binding request, but it relays. */
  'no_stun',
  /** The prober had no credential for this node. Only a Binding request was proven. */
  'binding_only',
] as const;

export type ProofReason = (typeof proofReasons)[number];
