import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { decodeMessage, type ReceivedMessage } from '../message/decode-message.ts';
import { attributeTypes } from '../message/attribute-type.ts';
import { encodeMessage } from '../message/encode-message.ts';
import { transactionIdBytes } from '../message/message-header.ts';
import type { MessageClass } from '../message/message-type.ts';
import type { StunAttribute } from '../message/stun-message.ts';
import { encodeXorAddress } from '../message/xor-address.ts';
import type { Deadline } from '@turn-router/deadline';
import type { StunClientOptions } from '../stun-client-options.ts';
import { StunError } from '../stun-error.ts';
import { assertStunServer, type StunServer } from '../stun-server.ts';
import { openTransport } from '../transport/open-transport.ts';
import type { TransportAddress } from '../transport-address.ts';
import { startTransaction, type StunAnswer, type StunTransaction } from './stun-transaction.ts';

export type StunRequest = {
  readonly method: number;
  readonly attributes: readonly StunAttribute[];
  /** The peer, sent as XOR-PEER-ADDRESS. The bytes of this attribute depend on the transaction id. */
  readonly peer?: TransportAddress;
  /** Signs the request. A success response must then be signed, too. */
  readonly integrityKey?: Uint8Array;
};

/** Receives the events of a connection, except responses, until the listener is removed. */
export type ConnectionListener = {
  readonly onIndication: (message: ReceivedMessage) => void;
  /** Called when the connection has failed. It may be called more than once. If the connection has failed before, it is called at once. */
  readonly onFailure: (error: StunError) => void;
};

/** A connection to one server that matches responses to requests by transaction id. Disposing closes the socket. */
export interface StunConnection extends AsyncDisposable {
  /** TLS only: when the server's certificate expires, Unix time in milliseconds. */
  readonly certificateExpiresAtMs: number | undefined;
  /**
   * Resolves with a success or error response; rejects with a StunError if none comes.
   *
   * @param within ends this transaction earlier than the deadline of the connection
   */
  readonly transact: (request: StunRequest, within?: AbortSignal) => Promise<StunAnswer>;
  /** Sends a request once and ignores its response. */
  readonly notify: (request: StunRequest) => void;
  /** Sends an indication, which is unsigned and gets no response (RFC 8489 §9.2). */
  readonly indicate: (indication: Omit<StunRequest, 'integrityKey'>) => void;
  readonly listen: (listener: ConnectionListener) => Disposable;
}

/**
 * @param deadline ends the opening and every transaction
 * @throws StunError `unreachable`, `tls`, or the deadline's reason
 */
export async function openConnection(
  server: StunServer,
  { randomBytes = nodeRandomBytes, now = () => performance.now() }: StunClientOptions,
  { signal }: Deadline,
): Promise<StunConnection> {
  assertStunServer(server);
  const pending = new Map<string, StunTransaction>();
  const listeners = new Set<ConnectionListener>();
  let failure: StunError | undefined;

  const transport = await openTransport(server, signal, {
    onFrame(frame) {
      const message = decodeOrFault(frame);
      if (message instanceof StunError) for (const transaction of pending.values()) transaction.discard(message);
      else if (message.messageClass === 'indication') for (const listener of listeners) listener.onIndication(message);
      else pending.get(key(message.transactionId))?.receive(message);
    },
    onFailure(error) {
      failure ??= error;
      for (const transaction of pending.values()) transaction.fail(error);
      for (const listener of listeners) listener.onFailure(error);
    },
  });

  const encode = (messageClass: MessageClass, { method, attributes, peer, integrityKey }: StunRequest) => {
    const transactionId = randomBytes(transactionIdBytes);
    const all = peer === undefined ? attributes : [peerAddress(peer, transactionId), ...attributes];
    const bytes = encodeMessage({ messageClass, method, transactionId, attributes: all }, integrityKey);
    return { transactionId, bytes };
  };
  const sendOnce = (messageClass: MessageClass, request: StunRequest) => {
    if (failure === undefined) transport.send(encode(messageClass, request).bytes);
  };
  return {
    certificateExpiresAtMs: transport.certificateExpiresAtMs,
    async transact(request, within = signal) {
      if (failure !== undefined) throw failure;
      const { transactionId, bytes } = encode('request', request);
      const { method, integrityKey } = request;
      const transaction = startTransaction({ method, bytes, integrityKey }, { transport, signal: within, now });
      pending.set(key(transactionId), transaction);
      try {
        return await transaction.answer;
      } finally {
        pending.delete(key(transactionId));
      }
    },
    notify: (request) => sendOnce('request', request),
    indicate: (indication) => sendOnce('indication', indication),
    listen(listener) {
      listeners.add(listener);
      if (failure !== undefined) listener.onFailure(failure);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

function decodeOrFault(frame: Uint8Array): ReceivedMessage | StunError {
  try {
    return decodeMessage(frame);
  } catch (error) {
    if (error instanceof StunError) return error;
    throw error;
  }
}

function peerAddress(peer: TransportAddress, transactionId: Uint8Array): StunAttribute {
  return { type: attributeTypes.xorPeerAddress, value: encodeXorAddress(peer, transactionId) };
}

function key(transactionId: Uint8Array): string {
  return Buffer.from(transactionId).toString('hex');
}
