import { startDeadline, type Deadline } from '../deadline.ts';
import { StunError } from '../stun-error.ts';
import type { StunClientOptions } from '../stun-client-options.ts';
import type { StunServer } from '../stun-server.ts';
import { openConnection, type StunConnection } from '../transaction/stun-connection.ts';
import type { AddressFamily } from '../transport-address.ts';
import { allocate, type AllocationGrant } from './allocation.ts';
import { assertCredentials, type LongTermCredentials } from './long-term-credentials.ts';
import { createLongTermSession, type LongTermSession, type SessionOptions } from './long-term-session.ts';

export type AllocationOptions = StunClientOptions &
  SessionOptions & {
    /** The family of the relayed address (RFC 8656 §18.6); default: the server's default family, usually IPv4. */
    readonly relayFamily?: AddressFamily | undefined;
  };

export type HeldAllocation = {
  readonly grant: AllocationGrant;
  readonly session: LongTermSession;
  readonly connection: StunConnection;
  readonly deadline: Deadline;
};

/**
 * Allocates a UDP relay (RFC 8656 §7), runs `use` with it, and releases it (§8). An unconfirmed release is not a fault: the allocation then
 * ends with its lifetime. If the server knows the client's address from another allocation (437), it repeats everything from another
 * address (§7.4). It always closes the socket.
 *
 * @throws StunError as `allocate` does, RangeError for invalid options, and any error of `use`
 */
export async function withAllocation<Result>(
  server: StunServer,
  credentials: LongTermCredentials,
  options: AllocationOptions,
  use: (allocation: HeldAllocation) => Result | Promise<Result>,
): Promise<Result> {
  assertCredentials(credentials);
  using deadline = startDeadline(options);
  for (let addresses = 1; ; addresses += 1) {
    try {
      return await allocateFromNewAddress(server, credentials, { options, deadline }, use);
    } catch (error) {
      if (!isMismatch(error) || addresses === clientAddressesMax) throw error;
    }
  }
}

/** coturn remembers an address for a second after its allocation is released, and a busy machine may reuse that address, even twice. */
const clientAddressesMax = 3;

async function allocateFromNewAddress<Result>(
  server: StunServer,
  credentials: LongTermCredentials,
  { options, deadline }: { options: AllocationOptions; deadline: Deadline },
  use: (allocation: HeldAllocation) => Result | Promise<Result>,
): Promise<Result> {
  await using connection = await openConnection(server, options, deadline);
  const session = createLongTermSession(connection, credentials, options);
  const allocation = await allocate(session, options.relayFamily);
  try {
    const { certificateExpiresAtMs } = connection;
    const grant = { ...allocation.grant, ...(certificateExpiresAtMs !== undefined && { certificateExpiresAtMs }) };
    return await use({ grant, session, connection, deadline });
  } finally {
    if (deadline.signal.aborted) allocation.abandon();
    else await allocation.release().catch(ignoreStunError);
  }
}

function isMismatch(error: unknown): boolean {
  return error instanceof StunError && error.fault === 'allocation_mismatch';
}

function ignoreStunError(error: unknown): void {
  if (!(error instanceof StunError)) throw error;
}
