import type { ReceivedMessage } from '../message/decode-message.ts';
import { StunError } from '../stun-error.ts';
import type { Transport } from '../transport/transport.ts';
import { judgeAnswer } from './judge-answer.ts';
import { RETRANSMISSION_DELAYS_MS } from './retransmission.ts';

export type EncodedRequest = {
  method: number;
  bytes: Uint8Array;
  /** The key that `bytes` are signed with; a success then has to be signed with it too. */
  integrityKey: Uint8Array | undefined;
};

/** A success or error response, and the time since the request was first sent, repetitions included. */
export type StunAnswer = { message: ReceivedMessage; roundTripMs: number };

export type TransactionContext = {
  transport: Transport;
  /** Ends the transaction; its reason is a StunError. */
  signal: AbortSignal;
  /** Monotonic, milliseconds. */
  now: () => number;
};

/** One request and its answer (RFC 8489 §6): sends it, repeats it over UDP, and drops what counts as not received. */
export class StunTransaction {
  /** Rejects with StunError only. */
  readonly answer: Promise<StunAnswer>;
  readonly #request: EncodedRequest;
  readonly #context: TransactionContext;
  readonly #sentAtMs: number;
  #resolve!: (answer: StunAnswer) => void;
  #reject!: (error: StunError) => void;
  #repetition: NodeJS.Timeout | undefined;
  #discarded: StunError | undefined;

  constructor(request: EncodedRequest, context: TransactionContext) {
    this.#request = request;
    this.#context = context;
    this.#sentAtMs = context.now();
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    context.signal.addEventListener('abort', this.#onSignal);
    if (context.signal.aborted) this.#onSignal();
    else this.#send(0);
  }

  /** Takes a message that carries this transaction's id. */
  receive(message: ReceivedMessage): void {
    const judgement = judgeAnswer(message, this.#request);
    if (judgement.verdict === 'ignore') return;
    if (judgement.verdict === 'accept') {
      this.#stop();
      this.#resolve({ message, roundTripMs: this.#context.now() - this.#sentAtMs });
      return;
    }
    const fault = new StunError('malformed', judgement.fault);
    if (judgement.verdict === 'discard') this.discard(fault);
    else this.fail(fault);
  }

  /**
   * Something came that counts as not received. Over UDP a better answer may still follow; if none does, this fault
   * says more than a timeout. A reliable transport delivers no second answer (RFC 8489 §9.2.5).
   */
  discard(fault: StunError): void {
    if (this.#context.transport.reliable) this.fail(fault);
    else this.#discarded ??= fault;
  }

  fail(error: StunError): void {
    this.#stop();
    this.#reject(error);
  }

  #send(repetitions: number): void {
    this.#context.transport.send(this.#request.bytes);
    const delayMs = RETRANSMISSION_DELAYS_MS[repetitions];
    if (this.#context.transport.reliable || delayMs === undefined) return;
    this.#repetition = setTimeout(() => this.#send(repetitions + 1), delayMs);
  }

  readonly #onSignal = (): void => {
    const error: StunError = this.#context.signal.reason;
    this.fail(error.code === 'timeout' && this.#discarded !== undefined ? this.#discarded : error);
  };

  #stop(): void {
    clearTimeout(this.#repetition);
    this.#context.signal.removeEventListener('abort', this.#onSignal);
  }
}
