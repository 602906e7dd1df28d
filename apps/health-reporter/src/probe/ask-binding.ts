import { sendBinding, StunError, type StunClientOptions, type StunServer } from '@turn-router/stun';

/**
 * The answer of a server to a Binding without credentials, as WebRTC clients send it to a `stun:` URL.
 *
 * - `open`: the server returns the client's address.
 * - `refused`: the server answers with an error. coturn answers 401 with `secure-stun`.
 * - `silent`: the server does not answer, although it answers other requests. coturn does this with `no-stun`.
 */
export type BindingAnswer = 'open' | 'refused' | 'silent';

/** The longest wait for the answer, ms. The server has just answered another request. The wait is long enough for one lost packet. */
const bindingTimeoutMs = 1_000;

/** Asks a server that has just passed a full proof. */
export async function askBinding(server: StunServer, options: StunClientOptions): Promise<BindingAnswer> {
  try {
    await sendBinding(server, { ...options, timeoutMs: Math.min(options.timeoutMs, bindingTimeoutMs) });
    return 'open';
  } catch (error) {
    if (!(error instanceof StunError)) throw error;
    return error.code === 'refused' ? 'refused' : 'silent';
  }
}
