import type { StunErrorCode, StunFault } from './stun-fault.ts';

export type StunErrorDetails = {
  /** Default: the same as the code. */
  readonly fault?: StunFault;
  /** The ERROR-CODE, 300–699 (RFC 8489 §14.8, RFC 8656 §19). It is set only for the code `refused`. */
  readonly stunErrorCode?: number;
  /** The server's reason phrase, printable and at most 128 characters. It is set only for the code `refused`. */
  readonly reason?: string;
  readonly cause?: unknown;
};

/** The error that the functions of this package throw. Its message never holds a credential. */
export class StunError extends Error {
  override readonly name = 'StunError';
  readonly code: StunErrorCode;
  /** A finer classification of the code. */
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
