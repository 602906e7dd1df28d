import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decodeMessage } from '../message/decode-message.ts';
import { attributeTypes } from '../message/attribute-type.ts';
import { encodeMessage } from '../message/encode-message.ts';
import { transactionIdBytes } from '../message/message-header.ts';
import { methods } from '../message/message-type.ts';
import { requireXorAddress } from '../message/read-attributes.ts';
import { StunError } from '../stun-error.ts';
import { sendRepeatedly } from '../transaction/retransmission.ts';
import { waitForResult } from '../transaction/wait-for-result.ts';
import type { AddressFamily, TransportAddress } from '../transport-address.ts';
import { unreachable } from './transport-faults.ts';

/** Receives each datagram and its source, and faults of sending. */
export type PeerListener = {
  readonly onDatagram: (datagram: Uint8Array, source: Pick<TransportAddress, 'address' | 'port'>) => void;
  readonly onFailure: (error: StunError) => void;
};

/** A UDP socket that is the peer of an allocation (RFC 8656 §2). It is not connected, so it receives datagrams of any source. Disposing closes it. */
export interface PeerSocket extends AsyncDisposable {
  readonly send: (datagram: Uint8Array, to: Pick<TransportAddress, 'address' | 'port'>) => void;
  readonly listen: (listener: PeerListener) => Disposable;
}

/** @throws StunError `unreachable` if the system has no addresses of this family */
export async function openPeerSocket(family: AddressFamily): Promise<PeerSocket> {
  const socket = createSocket({ type: family === 'IPv6' ? 'udp6' : 'udp4', ipv6Only: family === 'IPv6' });
  const listeners = new Set<PeerListener>();
  const onFailure = (error: Error) => listeners.forEach((listener) => listener.onFailure(unreachable(error)));
  socket.on('message', (datagram, source) => listeners.forEach((listener) => listener.onDatagram(datagram, source)));
  try {
    socket.bind(0);
    await once(socket, 'listening');
  } catch (error) {
    await close(socket);
    throw unreachable(error);
  }
  socket.on('error', onFailure);
  return {
    send: (datagram, { address, port }) =>
      socket.send(datagram, port, address, (error) => {
        if (error !== null) onFailure(error);
      }),
    listen(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    [Symbol.asyncDispose]: () => close(socket),
  };
}

function close(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.close(() => resolve()));
}

/**
 * Asks a server for the address of the socket as the server sees it, by a Binding request (RFC 8489 §12).
 *
 * @returns undefined if no valid answer has come when `signal` fires, or if the request cannot be sent
 */
export async function askOwnAddress(
  peer: PeerSocket,
  server: Pick<TransportAddress, 'address' | 'port'>,
  { signal, randomBytes }: { signal: AbortSignal; randomBytes: (length: number) => Uint8Array },
): Promise<TransportAddress | undefined> {
  const transactionId = randomBytes(transactionIdBytes);
  const request = encodeMessage({
    messageClass: 'request',
    method: methods.binding,
    transactionId,
    attributes: [],
  });
  return waitForResult<TransportAddress | undefined>(
    signal,
    ({ resolve }) => resolve(undefined),
    ({ resolve }) => [
      peer.listen({
        onDatagram(datagram, source) {
          const mapped = isSameAddress(source, server) ? mappedAddressFrom(datagram, transactionId) : undefined;
          if (mapped !== undefined) resolve(mapped);
        },
        onFailure: () => resolve(undefined),
      }),
      sendRepeatedly(() => peer.send(request, server)),
    ],
  );
}

export function isSameAddress(
  one: Pick<TransportAddress, 'address' | 'port'>,
  other: Pick<TransportAddress, 'address' | 'port'>,
): boolean {
  return one.address === other.address && one.port === other.port;
}

/** Returns undefined for anything but a success response to the request. */
function mappedAddressFrom(datagram: Uint8Array, transactionId: Uint8Array): TransportAddress | undefined {
  try {
    const message = decodeMessage(datagram);
    const isAnswer = message.messageClass === 'success' && Buffer.compare(message.transactionId, transactionId) === 0;
    return isAnswer ? requireXorAddress(message, attributeTypes.xorMappedAddress, 'XOR-MAPPED-ADDRESS') : undefined;
  } catch (error) {
    if (error instanceof StunError) return undefined;
    throw error;
  }
}
