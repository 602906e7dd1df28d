import type { ReceivedMessage } from '../message/decode-message.ts';
import { StunError } from '../stun-error.ts';
import type { MessageTransport } from '../transport/transport.ts';
import { judgeResponse } from './judge-response.ts';
import { retransmissionDelaysMs } from './retransmission.ts';

export type EncodedRequest = {
  readonly method: number;
  readonly bytes: Uint8Array;
  /** The key that signed `bytes`. A success response must then be signed with the same key. */
  readonly integrityKey: Uint8Array | undefined;
};

/** A success or error response, and the time since the first transmission of the request. */
export type StunAnswer = { readonly message: ReceivedMessage; readonly roundTripMs: number };

export type TransactionContext = {
  readonly transport: MessageTransport;
  /** If this signal fires, the transaction ends. Its reason is a StunError. */
  readonly signal: AbortSignal;
  /** The monotonic clock, milliseconds. */
  readonly now: () => number;
};

/** One request and its response (RFC 8489 §6). Sends the request, retransmits it over UDP, and ignores messages that count as not received. */
export type StunTransaction = {
  /** Rejects with StunError only. */
  readonly answer: Promise<StunAnswer>;
  /** Handles a message that has this transaction's id. */
  readonly receive: (message: ReceivedMessage) => void;
  /**
   * Handles a message that counts as not received (RFC 8489 §9.2.5). Over UDP a valid response may still follow. If no response follows, the
   * transaction fails with this fault instead of a timeout. Over TCP and TLS no second response can follow, so the transaction fails at once.
   */
  readonly discard: (fault: StunError) => void;
  readonly fail: (error: StunError) => void;
};

export function startTransaction(
  request: EncodedRequest,
  { transport, signal, now }: TransactionContext,
): StunTransaction {
  const sentAtMs = now();
  let resolve!: (answer: StunAnswer) => void;
  let reject!: (error: StunError) => void;
  const answer = new Promise<StunAnswer>((resolveAnswer, rejectAnswer) => {
    resolve = resolveAnswer;
    reject = rejectAnswer;
  });
  let repetition: NodeJS.Timeout | undefined;
  let discarded: StunError | undefined;

  function receive(message: ReceivedMessage): void {
    const judgement = judgeResponse(message, request);
    if (judgement.verdict === 'ignore') return;
    if (judgement.verdict === 'accept') {
      stop();
      resolve({ message, roundTripMs: now() - sentAtMs });
      return;
    }
    const fault = new StunError('malformed', judgement.fault);
    if (judgement.verdict === 'discard') discard(fault);
    else fail(fault);
  }

  function discard(fault: StunError): void {
    if (transport.reliable) fail(fault);
    else discarded ??= fault;
  }

  function fail(error: StunError): void {
    stop();
    reject(error);
  }

  function send(repetitions: number): void {
    transport.send(request.bytes);
    const delayMs = retransmissionDelaysMs[repetitions];
    if (transport.reliable || delayMs === undefined) return;
    repetition = setTimeout(() => send(repetitions + 1), delayMs);
  }

  function onSignal(): void {
    const error: StunError = signal.reason;
    fail(error.code === 'timeout' && discarded !== undefined ? discarded : error);
  }

  function stop(): void {
    clearTimeout(repetition);
    signal.removeEventListener('abort', onSignal);
  }

  signal.addEventListener('abort', onSignal);
  if (signal.aborted) onSignal();
  else send(0);
  return { answer, receive, discard, fail };
}
