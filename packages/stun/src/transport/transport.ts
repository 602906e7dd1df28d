import type { StunError } from '../stun-error.ts';

/** A connection to one server that sends and receives whole messages over any kind of socket. Disposing it closes the connection. */
export interface MessageTransport extends AsyncDisposable {
  /** True for TCP and TLS. Over UDP it is false, and requests must be retransmitted (RFC 8489 §6.2.1). */
  readonly reliable: boolean;
  /** TLS only: when the server's certificate expires, Unix time in milliseconds. */
  readonly certificateExpiresAtMs?: number;
  /** Sends a message. If this fails, `onFailure` is called. */
  readonly send: (frame: Uint8Array) => void;
}

/** The events of a transport, from before it opens until it closes. */
export type TransportEvents = {
  /** Called with each received message, not yet decoded. */
  readonly onFrame: (frame: Uint8Array) => void;
  /** Called when the transport has failed. It may be called more than once. */
  readonly onFailure: (error: StunError) => void;
};
