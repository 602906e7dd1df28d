import { startDeadline } from './deadline.ts';
import { attributeTypes } from './message/attribute-type.ts';
import { readErrorCode } from './message/error-code.ts';
import { methods } from './message/message-type.ts';
import { readSoftware, requireXorAddress } from './message/read-attributes.ts';
import { refusal } from './refusal.ts';
import type { StunClientOptions } from './stun-client-options.ts';
import type { StunServer } from './stun-server.ts';
import { openConnection } from './transaction/stun-connection.ts';
import type { TransportAddress } from './transport-address.ts';

export type BindingResult = {
  /** Where the server sees this client. */
  readonly mappedAddress: TransportAddress;
  /** The server's SOFTWARE, printable and at most 128 characters. */
  readonly software?: string;
  /** From first sending the request to its answer; connecting is not in it, repetitions over UDP are. */
  readonly roundTripMs: number;
};

/**
 * Asks a server for the address it sees: a Binding request without credentials (RFC 8489 §3, §12).
 * Every way out closes the socket.
 *
 * @throws StunError when there is no answer to the question, RangeError for options that cannot be meant
 */
export async function sendBinding(server: StunServer, options: StunClientOptions): Promise<BindingResult> {
  using deadline = startDeadline(options);
  await using connection = await openConnection(server, options, deadline);
  const { message, roundTripMs } = await connection.transact({ method: methods.binding, attributes: [] });
  if (message.messageClass === 'error') throw refusal(methods.binding, readErrorCode(message));
  return {
    mappedAddress: requireXorAddress(message, attributeTypes.xorMappedAddress, 'XOR-MAPPED-ADDRESS'),
    ...readSoftware(message),
    roundTripMs,
  };
}
