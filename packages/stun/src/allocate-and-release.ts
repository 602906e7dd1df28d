import type { StunServer } from './stun-server.ts';
import type { AllocationGrant } from './turn/allocation.ts';
import type { LongTermCredentials } from './turn/long-term-credentials.ts';
import { withAllocation, type AllocationOptions } from './turn/with-allocation.ts';

/**
 * Proves that a TURN server grants a relay for these credentials. Then releases the relay. `proveRelay` also proves that the server relays.
 *
 * @throws StunError, whose `fault` distinguishes credentials, quota, capacity and network; RangeError for invalid options
 */
export function allocateAndRelease(
  server: StunServer,
  credentials: LongTermCredentials,
  options: AllocationOptions,
): Promise<AllocationGrant> {
  return withAllocation(server, credentials, options, ({ grant }) => grant);
}
