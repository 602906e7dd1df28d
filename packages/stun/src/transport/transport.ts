import type { StunError } from '../stun-error.ts';

/** A connected way to one server that carries whole messages, whatever the socket underneath. Disposing closes it. */
export interface MessageTransport extends AsyncDisposable {
  /** TCP and TLS deliver by themselves or fail; over UDP requests have to be repeated (RFC 8489 §6.2.1). */
  readonly reliable: boolean;
  /** TLS only: when the server's certificate ends, Unix time in milliseconds. */
  readonly certificateExpiresAtMs?: number;
  /** A fault in sending shows in `onFailure`. */
  readonly send: (frame: Uint8Array) => void;
}

/** What a transport tells its owner, from before it is open until it is closed. */
export type TransportEvents = {
  /** One message as it came, not yet decoded. */
  readonly onFrame: (frame: Uint8Array) => void;
  /** The transport is of no more use. May come more than once. */
  readonly onFailure: (error: StunError) => void;
};
