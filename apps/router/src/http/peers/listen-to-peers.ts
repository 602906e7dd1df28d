import { once } from 'node:events';
import { createServer } from 'node:https';
import { createPeerApp } from './create-peer-app.ts';
import { serverTls } from '../../callers/peers/peer-tls.ts';
import { createStandInLedger } from '../../callers/peers/stand-in-ledger.ts';

export type PeerListenerParts = {
  /** Under which this process stands for election among those of PEERS. */
  readonly id: string;
  readonly monotonicNowMs: () => number;
};

/** Far more than routers that share a fleet; whoever cannot show the secret is gone within the second of the handshake. */
const maxConnections = 256;
const handshakeTimeoutMs = 1_000;
const requestTimeoutMs = 2_000;

/** More than the time between two checks whether this router is there, so that no connection is made anew for each, ms. */
const keepAliveTimeoutMs = 15_000;

/** How often the memory of a ledger that nobody uses is given back, ms. */
const sweepIntervalMs = 30_000;

/**
 * Keeps a ledger for all routers, for as long as they choose it.
 *
 * @throws the system's error when the port is taken
 */
export async function listenToPeers(
  { host, port, secret }: { readonly host: string | undefined; readonly port: number; readonly secret: string },
  { id, monotonicNowMs }: PeerListenerParts,
): Promise<AsyncDisposable & { readonly port: number }> {
  const ledger = createStandInLedger(id, monotonicNowMs);
  const server = createServer(
    {
      ...serverTls(secret),
      handshakeTimeout: handshakeTimeoutMs,
      requestTimeout: requestTimeoutMs,
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: requestTimeoutMs / 2,
      keepAliveTimeout: keepAliveTimeoutMs,
    },
    createPeerApp(ledger),
  );
  server.maxConnections = maxConnections;
  server.listen({ port, ...(host === undefined ? {} : { host }) });
  await once(server, 'listening');
  const sweep = setInterval(ledger.forgetOld, sweepIntervalMs);
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    async [Symbol.asyncDispose]() {
      clearInterval(sweep);
      const closed = once(server, 'close');
      server.close();
      // Peers ask another router, or keep to their shares.
      server.closeAllConnections();
      await closed;
    },
  };
}
