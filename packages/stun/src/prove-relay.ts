import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { methods } from './message/message-type.ts';
import { StunError } from './stun-error.ts';
import type { StunServer } from './stun-server.ts';
import type { AllocationGrant } from './turn/allocation.ts';
import type { LongTermCredentials } from './turn/long-term-credentials.ts';
import { relayToSelf } from './turn/relay-to-self.ts';
import { withAllocation, type AllocationOptions, type HeldAllocation } from './turn/with-allocation.ts';

export type RelayProof = {
  readonly grant: AllocationGrant;
  /**
   * The result of a datagram sent through the relay to the relay's own address. With the fault `peer_forbidden`, relaying could not be tested,
   * because the server's rules deny its own address as a peer.
   */
  readonly relay:
    | { readonly ok: true; readonly roundTripMs: number }
    | { readonly ok: false; readonly error: StunError };
};

/** The number of random bytes in the datagram. They cannot be guessed. */
const payloadBytes = 16;

/**
 * Proves that a TURN server relays for these credentials:
 *
 * 1. Makes an allocation.
 * 2. Permits the relayed address as a peer of itself (RFC 8656 §9).
 * 3. Sends a datagram to the relayed address. The datagram must come back (§11).
 * 4. Releases the allocation (§8).
 *
 * `timeoutMs` is the timeout of the whole exchange.
 *
 * @returns the grant, and the result of relaying. A fault of relaying is returned and not thrown.
 * @throws StunError if there is no allocation, RangeError for invalid options
 */
export function proveRelay(
  server: StunServer,
  credentials: LongTermCredentials,
  options: AllocationOptions,
): Promise<RelayProof> {
  return withAllocation(server, credentials, options, async (allocation) => ({
    grant: allocation.grant,
    relay: await tryRelay(allocation, options),
  }));
}

async function tryRelay(
  { grant, session, connection, deadline }: HeldAllocation,
  { randomBytes = nodeRandomBytes, now = () => performance.now() }: AllocationOptions,
): Promise<RelayProof['relay']> {
  const { relayedAddress } = grant;
  try {
    await session.request({ method: methods.createPermission, peer: relayedAddress });
    const context = { signal: deadline.signal, payload: randomBytes(payloadBytes), now };
    return { ok: true, roundTripMs: await relayToSelf(connection, relayedAddress, context) };
  } catch (error) {
    if (!(error instanceof StunError)) throw error;
    return { ok: false, error };
  }
}
