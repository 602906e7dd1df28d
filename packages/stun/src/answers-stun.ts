import { joinSignals } from '@turn-router/deadline';
import { startDeadline } from './deadline.ts';
import { methods } from './message/message-type.ts';
import type { StunClientOptions } from './stun-client-options.ts';
import { StunError } from './stun-error.ts';
import type { StunServer } from './stun-server.ts';
import { openConnection } from './transaction/stun-connection.ts';

/**
 * The requests that show whether a server is alive. Some servers refuse a Binding without credentials (coturn's `secure-stun`), and some ignore
 * every Binding (`no-stun`). A Refresh without credentials gets 401 from each TURN server (RFC 8489 §9.2.3). It creates nothing.
 */
const lifeSigns = [methods.binding, methods.refresh];

/**
 * Asks a server whether it is alive, with requests that need no credentials. Any STUN response counts, an error response too.
 *
 * @returns false if no response comes in time, or if the server is unreachable
 * @throws RangeError for invalid options
 */
export async function answersStun(server: StunServer, options: StunClientOptions): Promise<boolean> {
  const answered = new AbortController();
  using stop = joinSignals(answered.signal, ...(options.signal === undefined ? [] : [options.signal]));
  const answers = await Promise.all(
    lifeSigns.map(async (method) => {
      const isAnswered = await isMethodAnswered(server, method, { ...options, signal: stop.signal });
      // The other request need not wait for its timeout.
      if (isAnswered) answered.abort();
      return isAnswered;
    }),
  );
  return answers.includes(true);
}

async function isMethodAnswered(server: StunServer, method: number, options: StunClientOptions): Promise<boolean> {
  using deadline = startDeadline(options);
  try {
    await using connection = await openConnection(server, options, deadline);
    await connection.transact({ method, attributes: [] });
    return true;
  } catch (error) {
    if (error instanceof StunError) return false;
    throw error;
  }
}
