import { eventually, startProcess, type CoturnServer } from '@turn-router/testing';

/** A call between two clients that both use this relay: one allocation each, and data in both directions. */
export interface HeldCall extends AsyncDisposable {
  /** Settles when data sent after this call have come through the relay. */
  relaysOn(): Promise<void>;
  /** Ends the call. Over TCP, so that the server frees the allocations at once. */
  hangUp(): Promise<void>;
}

/** The interval between two datagrams, ms. */
const everyMs = 20;

/** Starts coturn's own client (turnutils_uclient); the call is up when data come through. */
export async function startCall(coturn: CoturnServer, secret: string): Promise<HeldCall> {
  const client = await startProcess({
    name: 'turnutils_uclient',
    command: 'turnutils_uclient',
    args: ['-t', '-y', '-c', '-n', '1000000', '-z', `${everyMs}`, '-u', 'caller', '-W', secret].concat(
      '-p',
      `${coturn.port}`,
      coturn.address,
    ),
    isReady: (output) => messagesIn(output) > 0,
  });
  return {
    async relaysOn() {
      const before = messagesIn(client.output());
      // The client prints once a second, so a second's data may have been in flight.
      const enough = before + 2_000 / everyMs;
      await eventually('the relay to continue', () => messagesIn(client.output()) > enough);
    },
    hangUp: () => client.stop(),
    [Symbol.asyncDispose]: () => client.stop(),
  };
}

/** The number of messages received so far. */
function messagesIn(output: string): number {
  return Number([...output.matchAll(/tot_recv_msgs=(\d+)/g)].at(-1)?.[1] ?? 0);
}
