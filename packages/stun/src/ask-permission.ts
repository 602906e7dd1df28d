import { methods } from './message/message-type.ts';
import type { StunServer } from './stun-server.ts';
import type { TransportAddress } from './transport-address.ts';
import type { LongTermCredentials } from './turn/long-term-credentials.ts';
import { withAllocation, type AllocationOptions } from './turn/with-allocation.ts';

/**
 * Tests whether a TURN server would relay to this peer. Allocates a relay of the peer's address family, requests the permission (RFC 8656 §9),
 * and releases the relay. Sends nothing to the peer.
 *
 * @throws StunError with the fault `peer_forbidden` if the server's rules forbid the peer; otherwise the same errors as `allocateAndRelease`
 */
export async function askPermission(
  server: StunServer,
  credentials: LongTermCredentials,
  peer: TransportAddress,
  options: Omit<AllocationOptions, 'relayFamily'>,
): Promise<void> {
  await withAllocation(server, credentials, { ...options, relayFamily: peer.family }, ({ session }) =>
    session.request({ method: methods.createPermission, peer }),
  );
}
