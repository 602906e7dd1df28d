import type { Deadline } from '@turn-router/deadline';
import { startDeadline } from '../deadline.ts';
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
    /** The family of the relayed address (RFC 8656 §18.6). Default: the server's default family, usually IPv4. */
    readonly relayFamily?: AddressFamily | undefined;
  };

export type HeldAllocation = {
  readonly grant: AllocationGrant;
  readonly session: LongTermSession;
  readonly connection: StunConnection;
  readonly deadline: Deadline;
};

/**
 * Allocates a UDP relay (RFC 8656 §7), runs `use` with it, and releases it (§8).
 *
 * - If the server does not confirm the release, this is not an error, because the allocation ends with its lifetime.
 * - If the server still has another allocation for the client's address (437), everything is repeated from another client address (§7.4).
 * - The socket is always closed.
 *
 * @throws the same errors as `allocate`, RangeError for invalid options, and any error of `use`
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

/** The maximum number of client addresses to try. coturn keeps a client address for a second after the release of its allocation. A busy machine may get the same address again, even twice. */
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
