import type { StunErrorCode, StunFault } from './stun-fault.ts';

export type StunErrorDetails = {
  /** Default: the code says it all. */
  readonly fault?: StunFault;
  /** Only with `refused`: the ERROR-CODE, 300–699 (RFC 8489 §14.8, RFC 8656 §19). */
  readonly stunErrorCode?: number;
  /** Only with `refused`: the server's reason phrase, printable and at most 128 characters. */
  readonly reason?: string;
  readonly cause?: unknown;
};

/** The one error that this package's exchanges and decoders throw. Messages never hold a credential. */
export class StunError extends Error {
  override readonly name = 'StunError';
  readonly code: StunErrorCode;
  /** The same, told apart more finely. */
  readonly fault: StunFault;
  readonly stunErrorCode: number | undefined;
  readonly reason: string | undefined;

  constructor(code: StunErrorCode, message: string, details: StunErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.fault = details.fault ?? code;
    this.stunErrorCode = details.stunErrorCode;
    this.reason = details.reason;
  }
}
