import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { decodeMessage, type ReceivedMessage } from '../message/decode-message.ts';
import { encodeMessage } from '../message/encode-message.ts';
import { TRANSACTION_ID_LENGTH } from '../message/message-header.ts';
import type { StunAttribute } from '../message/stun-message.ts';
import type { Deadline } from '../deadline.ts';
import type { StunClientOptions } from '../stun-client-options.ts';
import { StunError } from '../stun-error.ts';
import { assertStunServer, type StunServer } from '../stun-server.ts';
import { openTransport } from '../transport/open-transport.ts';
import { StunTransaction, type StunAnswer } from './stun-transaction.ts';

export type StunRequest = {
  method: number;
  attributes: readonly StunAttribute[];
  /** Signs the request and makes a signed success mandatory. */
  integrityKey?: Uint8Array;
};

/** A conversation with one server: requests out, answers matched by transaction id. Disposing closes the socket. */
export interface StunConnection extends AsyncDisposable {
  /** Resolves with a success or an error response; rejects with StunError when none comes. */
  transact(request: StunRequest): Promise<StunAnswer>;
  /** Sends a request once and leaves its answer unread. */
  notify(request: StunRequest): void;
}

/**
 * @param deadline bounds the opening and every transaction
 * @throws StunError `unreachable`, `tls`, or the deadline's reason
 */
export async function openConnection(
  server: StunServer,
  { randomBytes = nodeRandomBytes, now = () => performance.now() }: StunClientOptions,
  { signal }: Deadline,
): Promise<StunConnection> {
  assertStunServer(server);
  const pending = new Map<string, StunTransaction>();
  let failure: StunError | undefined;

  const transport = await openTransport(server, signal, {
    onFrame(frame) {
      const message = decodeOrFault(frame);
      if (message instanceof StunError) for (const transaction of pending.values()) transaction.discard(message);
      else pending.get(key(message.transactionId))?.receive(message);
    },
    onFailure(error) {
      failure ??= error;
      for (const transaction of pending.values()) transaction.fail(error);
    },
  });

  const encode = ({ method, attributes, integrityKey }: StunRequest) => {
    const transactionId = randomBytes(TRANSACTION_ID_LENGTH);
    const bytes = encodeMessage({ messageClass: 'request', method, transactionId, attributes }, integrityKey);
    return { transactionId, bytes };
  };
  return {
    async transact(request) {
      if (failure !== undefined) throw failure;
      const { transactionId, bytes } = encode(request);
      const { method, integrityKey } = request;
      const transaction = new StunTransaction({ method, bytes, integrityKey }, { transport, signal, now });
      pending.set(key(transactionId), transaction);
      try {
        return await transaction.answer;
      } finally {
        pending.delete(key(transactionId));
      }
    },
    notify(request) {
      if (failure === undefined) transport.send(encode(request).bytes);
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

function key(transactionId: Uint8Array): string {
  return Buffer.from(transactionId).toString('hex');
}
