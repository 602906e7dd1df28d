import type { NodeProof, ProofPath, ProofReason } from '@turn-router/contract/registry';

/** What a path of a proof says about the node: callers reach it, callers do not reach it, or nothing. */
export type PathFinding = 'reached' | 'refuted' | 'nothing';

/** Reasons that say nothing about whether callers can use the node. */
const sayingNothing: Readonly<Record<ProofReason, boolean>> = {
  timeout: false,
  unreachable: false,
  tls: false,
  malformed: false,
  refused: false,
  credentials_refused: false,
  allocation_mismatch: false,
  stale_nonce: false,
  wrong_credentials: false,
  not_relayed: false,
  certificate_expired: false,
  certificate_not_yet_valid: false,
  certificate_wrong_name: false,
  certificate_untrusted: false,
  wrong_relay_address: false,
  // Browsers accept any realm.
  realm: true,
  wrong_realm: true,
  // The prober gave up.
  aborted: true,
  // The node takes no new calls now, or it has no room. Its report decides about that.
  draining: true,
  quota_reached: true,
  no_capacity: true,
  // Browsers do not ask for this family of relayed addresses.
  family_unsupported: true,
  // The node refuses its own address as a peer. Calls have other peers.
  peer_forbidden: true,
  // The prober did not try.
  not_published: true,
  address_forbidden: true,
  no_route: true,
  // Remarks about a path that works.
  no_stun: true,
  binding_only: true,
};

export function findingOf({ ok, reason }: Pick<ProofPath, 'ok' | 'reason'>): PathFinding {
  if (ok) return 'reached';
  return reason === undefined || sayingNothing[reason] ? 'nothing' : 'refuted';
}

/** Whether the proof refutes its node on some path. Then the node is suspected, and its confirming probers probe it. */
export function refutesNode({ paths }: NodeProof): boolean {
  return paths.some((path) => findingOf(path) === 'refuted');
}
