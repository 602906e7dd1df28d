import { attributeTypes } from '../message/attribute-type.ts';
import type { ReceivedMessage } from '../message/decode-message.ts';
import { methods } from '../message/message-type.ts';
import { findAttribute } from '../message/stun-message.ts';
import { StunError } from '../stun-error.ts';
import { sendRepeatedly } from '../transaction/retransmission.ts';
import type { StunConnection } from '../transaction/stun-connection.ts';
import { waitForResult } from '../transaction/wait-for-result.ts';
import type { TransportAddress } from '../transport-address.ts';

export type RelayToSelfContext = {
  /** If this signal fires, the wait ends. Its reason is a StunError. */
  readonly signal: AbortSignal;
  /** It must be unpredictable. So nobody can send it back without having received the datagram. */
  readonly payload: Uint8Array;
  /** The monotonic clock, milliseconds. */
  readonly now: () => number;
};

/**
 * Sends a datagram through an allocation to the allocation's own relayed address. Waits until the datagram comes back (RFC 8656 §11). The server
 * always relays over UDP, even if the client uses TCP or TLS. So the datagram is retransmitted like a request over UDP.
 *
 * @param relayedAddress an address with a permission, see RFC 8656 §9
 * @returns milliseconds from the first transmission
 * @throws StunError `timeout` with fault `not_relayed`, `unreachable`, `malformed` or `aborted`
 */
export async function relayToSelf(
  connection: StunConnection,
  relayedAddress: TransportAddress,
  { signal, payload, now }: RelayToSelfContext,
): Promise<number> {
  const sentAtMs = now();
  const send = () =>
    connection.indicate({
      method: methods.send,
      peer: relayedAddress,
      attributes: [{ type: attributeTypes.data, value: payload }],
    });
  return waitForResult<number>(
    signal,
    ({ reject }) => reject(signalFault(signal)),
    ({ resolve, reject }) => [
      connection.listen({
        onIndication: (message) => {
          if (holdsData(message, payload)) resolve(now() - sentAtMs);
        },
        onFailure: reject,
      }),
      sendRepeatedly(send),
    ],
  );
}

/** Whether the message is a Data indication with this datagram. Only the payload is compared, because behind a NAT the peer's address may differ. */
export function holdsData(message: ReceivedMessage, payload: Uint8Array): boolean {
  const data = findAttribute(message, attributeTypes.data);
  return message.method === methods.data && data !== undefined && Buffer.compare(data, payload) === 0;
}

function signalFault(signal: AbortSignal): StunError {
  const reason: StunError = signal.reason;
  if (reason.code !== 'timeout') return reason;
  return new StunError('timeout', `the datagram did not come back through the relay: ${reason.message}`, {
    fault: 'not_relayed',
  });
}
