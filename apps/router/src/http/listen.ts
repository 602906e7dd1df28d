import { once } from 'node:events';
import { createServer } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setImmediate as pollIsOver, setTimeout as delay } from 'node:timers/promises';
import type { Express } from 'express';
import { expressMessages } from './create-bare-app.ts';
import { closeIdleWhenCrowded } from './close-idle-when-crowded.ts';
import type { RefuseUnreadable } from './refuse-unreadable.ts';
import { keepEveryHeaderLine, wholeHeadOptions } from './whole-head.ts';
import { isNode20 } from '../process/tuned-for-node-20.ts';

export interface Listener extends AsyncDisposable {
  /** The port of the listener. It is the real port, even if port 0 was requested. */
  readonly port: number;
}

/** The phases of the shutdown of a listener. Each value is the end of a phase, in ms after the stop began. */
export type StopTimeouts = {
  /**
   * Until then, the listener serves as before, so that load balancers see in `/readyz` that it stops. The phase ends early if there are no
   * connections.
   */
  readonly drainMs: number;
  /** Until then, new connections are refused. An open connection may send one more request; the response to that request closes the connection. */
  readonly idleMs: number;
  /** Until then, requests in progress may finish. */
  readonly totalMs: number;
};

/**
 * The timeouts of the public listener. Between `drainMs` and `idleMs`, the response to a request closes the connection cleanly. A connection that
 * is idle until `idleMs` is closed without a response. A request that is in transit at that moment is lost (RFC 9112 §9.5).
 */
export const publicStopTimeouts: StopTimeouts = { drainMs: 1_000, idleMs: 2_500, totalMs: 8_000 };

/** The timeouts of the admin listener. They are short, because Prometheus repeats a failed scrape. */
export const adminStopTimeouts: StopTimeouts = { drainMs: 0, idleMs: 0, totalMs: 500 };

/** Maximum time for a whole request to arrive, ms. A slower request only occupies a connection. */
const requestTimeoutMs = 10_000;

/**
 * A connection without progress is closed after this time, ms, because an unread response occupies memory. Node checks twice, so closing can take
 * up to twice as long.
 */
const stalledAnswerTimeoutMs = 15_000;

/** Interval between timeout checks, ms. Node's default of 30 s would make each timeout up to 30 s late. */
const timeoutCheckIntervalMs = 1_000;

/**
 * Maximum number of connections. Further connections are closed at once. An idle connection costs about 10 KiB, so the maximum limits the memory
 * that clients can occupy. From `crowdedConnections` on, idle connections are closed.
 */
const maxConnections = 10_000;
const crowdedConnections = 9_000;

/**
 * Keep-alive timeout of idle connections, ms. It is longer than the timeout of proxies (nginx, AWS and Google: 60 s), so that the proxy closes the
 * connection first. If the router closed it first, a request sent at that moment would be lost.
 */
const keepAliveTimeoutMs = 75_000;

/** Interval between checks for open connections during shutdown, ms. */
const sweepIntervalMs = 25;

/** The drain phase ends early after this number of consecutive checks without connections. */
const checksUntilQuiet = 8;

/**
 * Starts a listener.
 *
 * @param untilAllRefuse settles when no other process accepts connections on this port
 * @throws the system's error, such as EADDRINUSE
 */
export async function listen(
  app: Express,
  address: { host: string | undefined; port: number },
  timeouts: StopTimeouts,
  refuseUnreadable: RefuseUnreadable,
  untilAllRefuse: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Listener> {
  let isLastAnswer = false;
  const server = createServer(
    {
      ...(isNode20 ? expressMessages(app) : {}),
      requestTimeout: requestTimeoutMs,
      headersTimeout: requestTimeoutMs / 2,
      keepAliveTimeout: keepAliveTimeoutMs,
      connectionsCheckingInterval: timeoutCheckIntervalMs,
      ...wholeHeadOptions,
    },
    (request, response) => {
      if (isLastAnswer) response.setHeader('Connection', 'close');
      app(request, response);
    },
  );
  keepEveryHeaderLine(server);
  server.timeout = stalledAnswerTimeoutMs;
  server.maxConnections = maxConnections;
  closeIdleWhenCrowded(server, crowdedConnections);
  server.on('clientError', refuseUnreadable);
  server.listen({ port: address.port, ...(address.host === undefined ? {} : { host: address.host }) });
  await once(server, 'listening');
  const bound = server.address();

  async function untilUnused(deadlineMs: number, quietChecks: number): Promise<void> {
    let quiet = 0;
    while (performance.now() < deadlineMs) {
      quiet = (await countConnections(server)) === 0 ? quiet + 1 : 0;
      if (quiet >= quietChecks) return;
      await delay(sweepIntervalMs);
    }
  }

  async function stop(): Promise<void> {
    const startedAtMs = performance.now();
    const closed = once(server, 'close');
    await untilUnused(startedAtMs + timeouts.drainMs, checksUntilQuiet);
    // This waits for one turn of the event loop. In that turn, everything that has arrived is accepted and read.
    await pollIsOver();
    // `server.close()` would also close idle connections. Their clients may be about to send a request.
    NetServer.prototype.close.call(server);
    await untilAllRefuse();
    isLastAnswer = true;
    await untilUnused(startedAtMs + timeouts.idleMs, 1);
    const deadline = setTimeout(() => server.closeAllConnections(), startedAtMs + timeouts.totalMs - performance.now());
    const sweep = setInterval(() => setImmediate(() => server.closeIdleConnections()), sweepIntervalMs);
    await closed;
    clearInterval(sweep);
    clearTimeout(deadline);
  }

  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : address.port,
    [Symbol.asyncDispose]: stop,
  };
}

function countConnections(server: NetServer): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}
