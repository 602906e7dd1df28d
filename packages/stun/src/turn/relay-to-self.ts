import { attributeTypes } from '../message/attribute-type.ts';
import type { ReceivedMessage } from '../message/decode-message.ts';
import { methods } from '../message/message-type.ts';
import { findAttribute } from '../message/stun-message.ts';
import { StunError } from '../stun-error.ts';
import { retransmissionDelaysMs } from '../transaction/retransmission.ts';
import type { StunConnection } from '../transaction/stun-connection.ts';
import type { TransportAddress } from '../transport-address.ts';

export type RelayToSelfContext = {
  /** Ends the wait; its reason is a StunError. */
  readonly signal: AbortSignal;
  /** Unpredictable, so that only a receiver of the datagram can send it back. */
  readonly payload: Uint8Array;
  /** Monotonic, milliseconds. */
  readonly now: () => number;
};

/**
 * Sends a datagram through an allocation to the allocation's own relayed address, and waits until it comes back (RFC 8656 §11). The relay
 * uses UDP for any control transport, so the datagram is retransmitted like a request over UDP.
 *
 * @param relayedAddress must have a permission, see RFC 8656 §9
 * @returns milliseconds from the first transmission
 * @throws StunError `timeout` with fault `not_relayed`, `unreachable`, `malformed` or `aborted`
 */
export async function relayToSelf(
  connection: StunConnection,
  relayedAddress: TransportAddress,
  { signal, payload, now }: RelayToSelfContext,
): Promise<number> {
  const stop = new AbortController();
  const sentAtMs = now();
  let repetition: NodeJS.Timeout | undefined;
  const send = (repetitions: number) => {
    connection.indicate({
      method: methods.send,
      peer: relayedAddress,
      attributes: [{ type: attributeTypes.data, value: payload }],
    });
    const delayMs = retransmissionDelaysMs[repetitions];
    if (delayMs !== undefined) repetition = setTimeout(() => send(repetitions + 1), delayMs);
  };
  try {
    return await new Promise<number>((resolve, reject) => {
      const onSignal = () => reject(signalFault(signal));
      signal.addEventListener('abort', onSignal, { signal: stop.signal });
      if (signal.aborted) return onSignal();
      const listening = connection.listen({
        onIndication: (message) => {
          if (isEcho(message, payload)) resolve(now() - sentAtMs);
        },
        onFailure: reject,
      });
      stop.signal.addEventListener('abort', () => listening[Symbol.dispose]());
      send(0);
    });
  } finally {
    stop.abort();
    clearTimeout(repetition);
  }
}

/** Recognizes the datagram by its payload only: behind a NAT the peer's address may differ from the relayed address. */
function isEcho(message: ReceivedMessage, payload: Uint8Array): boolean {
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
