import { startDeadline } from './deadline.ts';
import { StunError } from './stun-error.ts';
import type { StunClientOptions } from './stun-client-options.ts';
import type { StunServer } from './stun-server.ts';
import { openConnection } from './transaction/stun-connection.ts';
import { allocate, type AllocationGrant } from './turn/allocation.ts';
import { assertCredentials, type LongTermCredentials } from './turn/long-term-credentials.ts';
import { LongTermSession } from './turn/long-term-session.ts';

/**
 * Proves that a TURN server relays for these credentials: allocates a UDP relay and gives it back (RFC 8656 §7, §8).
 * A server that grants but does not confirm the giving back has passed: the allocation then ends with its lifetime.
 * Every way out closes the socket.
 *
 * @throws StunError: `refused` with 401 means wrong or expired credentials, 486 the user's quota, 508 a full server;
 *   RangeError for options that cannot be meant
 */
export async function allocateAndRelease(
  server: StunServer,
  credentials: LongTermCredentials,
  options: StunClientOptions,
): Promise<AllocationGrant> {
  assertCredentials(credentials);
  using deadline = startDeadline(options);
  await using connection = await openConnection(server, options, deadline);
  const allocation = await allocate(new LongTermSession(connection, credentials));
  await allocation.release().catch((error: unknown) => {
    if (!(error instanceof StunError)) throw error;
  });
  return allocation.grant;
}
