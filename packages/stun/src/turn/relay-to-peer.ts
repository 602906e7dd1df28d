import { attributeTypes } from '../message/attribute-type.ts';
import type { ReceivedMessage } from '../message/decode-message.ts';
import { methods } from '../message/message-type.ts';
import { requireXorAddress } from '../message/read-attributes.ts';
import { StunError } from '../stun-error.ts';
import { sendRepeatedly } from '../transaction/retransmission.ts';
import type { StunConnection } from '../transaction/stun-connection.ts';
import { waitForResult } from '../transaction/wait-for-result.ts';
import { isSameAddress, type PeerSocket } from '../transport/peer-socket.ts';
import type { TransportAddress } from '../transport-address.ts';
import { holdsData } from './relay-to-self.ts';

export type RelayToPeerContext = {
  /** If this signal fires, the wait ends. Its reason is a StunError. */
  readonly signal: AbortSignal;
  /** Two different datagrams. They must be unpredictable, so that nobody can send them without having received them. */
  readonly toClient: Uint8Array;
  readonly toPeer: Uint8Array;
  /** The peer's address as the server sees it, if it is known already. Otherwise the first datagram to the client shows it. */
  readonly peerAddress: TransportAddress | undefined;
};

/**
 * Relays one datagram in each direction between the client and a peer that are both here (RFC 8656 §11).
 *
 * 1. The peer sends a datagram to the relayed address. The client must receive it as a Data indication (§11.3).
 * 2. The client sends a datagram to the peer by a Send indication. The peer must receive it from the relayed address (§11.2).
 *
 * A server that only sends Send indications back to the client fails, because it never has the datagram of the peer.
 *
 * @throws StunError `timeout` with fault `not_relayed`, `unreachable` with fault `wrong_relay_address`, or a fault of the connection
 */
export async function relayToPeer(
  connection: StunConnection,
  relayedAddress: TransportAddress,
  { peer, ...context }: RelayToPeerContext & { readonly peer: PeerSocket },
): Promise<void> {
  const { signal, toClient, toPeer } = context;
  let peerAddress = context.peerAddress;
  let clientHasIt = false;
  let peerHasIt = false;

  function sendToPeer(): void {
    if (peerAddress === undefined || peerHasIt) return;
    connection.indicate({
      method: methods.send,
      peer: peerAddress,
      attributes: [{ type: attributeTypes.data, value: toPeer }],
    });
  }

  await waitForResult<void>(
    signal,
    ({ reject }) => reject(notRelayed(signal, clientHasIt)),
    ({ resolve, reject }) => {
      const resolveIfBoth = () => clientHasIt && peerHasIt && resolve();
      return [
        connection.listen({
          onIndication(message) {
            if (clientHasIt || !holdsData(message, toClient)) return;
            clientHasIt = true;
            peerAddress = peerAddressFrom(message) ?? peerAddress;
            sendToPeer();
            resolveIfBoth();
          },
          onFailure: reject,
        }),
        peer.listen({
          onDatagram(datagram, source) {
            if (Buffer.compare(datagram, toPeer) !== 0) return;
            if (!isSameAddress(source, relayedAddress)) return reject(wrongRelayAddress(relayedAddress, source));
            peerHasIt = true;
            resolveIfBoth();
          },
          onFailure: (error) =>
            reject(new StunError(error.code, error.message, { fault: 'not_relayed', cause: error })),
        }),
        sendRepeatedly(() => {
          if (!clientHasIt) peer.send(toClient, relayedAddress);
          sendToPeer();
        }),
      ];
    },
  );
}

/** Returns undefined if the server sent no valid address. It is untrusted, so this must not throw. */
function peerAddressFrom(message: ReceivedMessage): TransportAddress | undefined {
  try {
    return requireXorAddress(message, attributeTypes.xorPeerAddress, 'XOR-PEER-ADDRESS');
  } catch (error) {
    if (error instanceof StunError) return undefined;
    throw error;
  }
}

function notRelayed(signal: AbortSignal, clientHasIt: boolean): StunError {
  const reason: StunError = signal.reason;
  if (reason.code !== 'timeout') return reason;
  const lost = clientHasIt
    ? 'the datagram of the client did not reach the peer from the relayed address'
    : 'the datagram of the peer did not come through the relayed address to the client';
  return new StunError('timeout', `${lost}: ${reason.message}`, { fault: 'not_relayed' });
}

/** Addresses of servers are no secret. But this text may reach logs, so it names only what differs. */
function wrongRelayAddress(expected: TransportAddress, { address }: Pick<TransportAddress, 'address'>): StunError {
  const what = address === expected.address ? 'port' : 'address';
  return new StunError('unreachable', `the server relays from another ${what} than the relayed address`, {
    fault: 'wrong_relay_address',
  });
}
