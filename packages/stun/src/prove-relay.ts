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
   * The result of a datagram sent through the relay to itself. The fault `peer_forbidden` does not disprove relaying: the server's rules
   * may deny its own address, as they should deny private addresses.
   */
  readonly relay:
    { readonly ok: true; readonly roundTripMs: number } | { readonly ok: false; readonly error: StunError };
};

/** The number of random bytes in the datagram: too many to guess. */
const payloadBytes = 16;

/**
 * Proves that a TURN server relays for these credentials: allocates, permits the relayed address as its own peer (RFC 8656 §9), sends a
 * datagram to it that has to come back (§11), and releases the allocation (§8). `timeoutMs` bounds the whole exchange.
 *
 * @returns the grant and the result of relaying, whose fault is returned and not thrown
 * @throws StunError without an allocation, RangeError for invalid options
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
