import type { StunFault } from './stun-fault.ts';

/**
 * Why an exchange with a STUN/TURN server brought no result.
 *
 * - `timeout`: nothing usable came within `timeoutMs`.
 * - `unreachable`: name not found, connection refused, reset or closed, ICMP unreachable.
 * - `tls`: TCP connected but TLS did not: certificate, name or protocol.
 * - `malformed`: something answered, but not with a STUN message that can be parsed and whose integrity holds.
 * - `realm`: the server's realm is not the expected one.
 * - `refused`: a STUN error response; `stunErrorCode` and `reason` say which.
 * - `aborted`: the caller's signal fired.
 */
export type StunErrorCode = 'timeout' | 'unreachable' | 'tls' | 'malformed' | 'realm' | 'refused' | 'aborted';

export type StunErrorDetails = {
  /** Default: the code says it all. */
  fault?: StunFault;
  /** Only with `refused`: the ERROR-CODE, 300–699 (RFC 8489 §14.8, RFC 8656 §19). */
  stunErrorCode?: number;
  /** Only with `refused`: the server's reason phrase, printable and at most 128 characters. */
  reason?: string;
  cause?: unknown;
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
