import { startDeadline } from './deadline.ts';
import { attributeTypes } from './message/attribute-type.ts';
import { readErrorCode } from './message/error-code.ts';
import { methods } from './message/message-type.ts';
import { readSoftware, requireXorAddress } from './message/read-attributes.ts';
import { refusal } from './refusal.ts';
import type { StunClientOptions } from './stun-client-options.ts';
import type { StunServer } from './stun-server.ts';
import { openConnection, type StunConnection } from './transaction/stun-connection.ts';
import type { TransportAddress } from './transport-address.ts';

export type BindingResult = {
  /** The client's address as the server sees it. */
  readonly mappedAddress: TransportAddress;
  /** The server's SOFTWARE, printable and at most 128 characters. */
  readonly software?: string;
  /** The time from the first transmission of the request to the response. It includes retransmissions, but not the time to connect. */
  readonly roundTripMs: number;
};

/**
 * Sends a Binding request without credentials (RFC 8489 §3, §12). Returns the client's address as the server sees it. Always closes the socket.
 *
 * @throws StunError if there is no success response, RangeError for invalid options
 */
export async function sendBinding(server: StunServer, options: StunClientOptions): Promise<BindingResult> {
  using deadline = startDeadline(options);
  await using connection = await openConnection(server, options, deadline);
  return await bindingOn(connection);
}

/**
 * Sends a Binding request over an open connection.
 *
 * @throws StunError if there is no success response within the deadline of the connection, or until `within` fires
 */
export async function bindingOn(connection: StunConnection, within?: AbortSignal): Promise<BindingResult> {
  const { message, roundTripMs } = await connection.transact({ method: methods.binding, attributes: [] }, within);
  if (message.messageClass === 'error') throw refusal(methods.binding, readErrorCode(message));
  return {
    mappedAddress: requireXorAddress(message, attributeTypes.xorMappedAddress, 'XOR-MAPPED-ADDRESS'),
    ...readSoftware(message),
    roundTripMs,
  };
}
