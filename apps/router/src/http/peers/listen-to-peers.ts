import { once } from 'node:events';
import { createServer } from 'node:https';
import { createPeerApp } from './create-peer-app.ts';
import { keepEveryHeaderLine, wholeHeadOptions } from '../whole-head.ts';
import { serverTls } from '../../callers/peers/peer-tls.ts';
import { createStandInLedger } from '../../callers/peers/stand-in-ledger.ts';

export type PeerListenerParts = {
  /** The id of this process when the peers choose a keeper of the ledger. */
  readonly id: string;
  readonly monotonicNowMs: () => number;
};

/**
 * Maximum number of connections. It is far more than the routers of a fleet. A client without the secret is disconnected within the handshake
 * timeout of one second.
 */
const maxConnections = 256;
const handshakeTimeoutMs = 1_000;
const requestTimeoutMs = 2_000;

/** Keep-alive timeout, ms. It is longer than the interval between two checks of this router by a peer, so that peers reuse the connection. */
const keepAliveTimeoutMs = 15_000;

/** Interval between two checks that free an unused ledger, ms. */
const sweepIntervalMs = 30_000;

/**
 * Holds a ledger of rate limits, the shared count of calls, for the peers that choose this router.
 *
 * @throws the system's error if the port is in use
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
      ...wholeHeadOptions,
    },
    createPeerApp(ledger),
  );
  keepEveryHeaderLine(server);
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
      // Peers then use another router. If there is none, each peer enforces its part of the limits.
      server.closeAllConnections();
      await closed;
    },
  };
}
