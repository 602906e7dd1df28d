import type { StunServer } from './stun-server.ts';
import type { AllocationGrant } from './turn/allocation.ts';
import type { LongTermCredentials } from './turn/long-term-credentials.ts';
import { withAllocation, type AllocationOptions } from './turn/with-allocation.ts';

/**
 * Proves that a TURN server grants a relay for these credentials, and gives it back. Whether it relays is for `proveRelay`.
 *
 * @throws StunError: `fault` says whether the credentials, a quota, the server's capacity or the way to it is at fault;
 *   RangeError for options that cannot be meant
 */
export function allocateAndRelease(
  server: StunServer,
  credentials: LongTermCredentials,
  options: AllocationOptions,
): Promise<AllocationGrant> {
  return withAllocation(server, credentials, options, ({ grant }) => grant);
}
