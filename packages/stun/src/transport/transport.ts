import type { StunError } from '../stun-error.ts';

/** A connection to one server that carries whole messages over any kind of socket. Disposing closes it. */
export interface MessageTransport extends AsyncDisposable {
  /** True for TCP and TLS, which deliver or fail; over UDP requests must be retransmitted (RFC 8489 §6.2.1). */
  readonly reliable: boolean;
  /** TLS only: when the server's certificate expires, Unix time in milliseconds. */
  readonly certificateExpiresAtMs?: number;
  /** Sends a message; `onFailure` reports a fault. */
  readonly send: (frame: Uint8Array) => void;
}

/** The events of a transport, from before it opens until it closes. */
export type TransportEvents = {
  /** Called with each received message, not yet decoded. */
  readonly onFrame: (frame: Uint8Array) => void;
  /** Called when the transport has failed, maybe more than once. */
  readonly onFailure: (error: StunError) => void;
};
