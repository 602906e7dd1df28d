import { once } from 'node:events';
import { createServer } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setImmediate as pollIsOver, setTimeout as delay } from 'node:timers/promises';
import type { Express } from 'express';
import { expressMessages } from './create-bare-app.ts';
import { makeRoom } from './make-room.ts';
import { headersMaxBytes, type RefuseUnreadable } from './refuse-unreadable.ts';
import { isNode20 } from '../process/tuned-for-node-20.ts';

export interface Listener extends AsyncDisposable {
  /** The port in use, also when any free one was asked for. */
  readonly port: number;
}

/** How long a listener that stops goes on, ms, each from the beginning of the stop. */
export type StopPatience = {
  /** Until then all goes on as before, for load balancers to read in `/readyz` that it stops. Ends earlier when nobody is connected. */
  readonly drainMs: number;
  /** Until then, connections that are open may still bring a request, whose answer closes them. New ones are refused. */
  readonly idleMs: number;
  /** Until then, requests under way may finish. */
  readonly totalMs: number;
};

/**
 * For callers. A connection that is used between the first two times is closed by its answer, which its client cannot misunderstand; one
 * that is silent for so long is closed unasked, and a request that is on its way at just that moment is lost (RFC 9112 §9.5).
 */
export const callersPatience: StopPatience = { drainMs: 1_000, idleMs: 2_500, totalMs: 8_000 };

/** For Prometheus, which asks again. */
export const scrapersPatience: StopPatience = { drainMs: 0, idleMs: 0, totalMs: 500 };

/** A whole request must be here within this time, ms; slower ones only hold a connection. */
const requestTimeoutMs = 10_000;

/**
 * Whoever does not read its answer is not waited for any more, ms: until then the answer takes up memory. Node looks a second time before it
 * believes that nothing moves, so that it takes twice as long.
 */
const stalledAnswerTimeoutMs = 15_000;

/** How often connections are held against these times, ms. Node's own 30 s would let them stay so much longer. */
const timeoutCheckIntervalMs = 1_000;

/**
 * So many connections at once are taken, and further ones closed at once. Each costs some 10 KiB while nothing comes on it: what whoever
 * can connect may take of the memory. Shortly before, idle ones are closed.
 */
const maxConnections = 10_000;
const crowd = 9_000;

/**
 * An idle connection is kept for this long, ms: longer than proxies keep theirs (nginx, AWS and Google 60 s), since a request that meets the
 * closing of its connection is lost, and the side that asks is the one that knows.
 */
const keepAliveTimeoutMs = 75_000;

/** Time between two looks at what is still open, ms. */
const sweepIntervalMs = 25;

/** Looks in a row that must find nobody connected before nobody is thought to come any more. */
const quietLooks = 8;

/**
 * @param untilAllRefuse settles when nobody else takes connections on this port either
 * @throws the system's error, such as EADDRINUSE
 */
export async function listen(
  app: Express,
  address: { host: string | undefined; port: number },
  patience: StopPatience,
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
      maxHeaderSize: headersMaxBytes,
    },
    (request, response) => {
      if (isLastAnswer) response.setHeader('Connection', 'close');
      app(request, response);
    },
  );
  server.timeout = stalledAnswerTimeoutMs;
  server.maxConnections = maxConnections;
  makeRoom(server, crowd);
  server.on('clientError', refuseUnreadable);
  server.listen({ port: address.port, ...(address.host === undefined ? {} : { host: address.host }) });
  await once(server, 'listening');
  const bound = server.address();

  async function untilUnused(deadlineMs: number, looks: number): Promise<void> {
    let quiet = 0;
    while (performance.now() < deadlineMs) {
      quiet = (await countConnections(server)) === 0 ? quiet + 1 : 0;
      if (quiet >= looks) return;
      await delay(sweepIntervalMs);
    }
  }

  async function stop(): Promise<void> {
    const startedAtMs = performance.now();
    const closed = once(server, 'close');
    await untilUnused(startedAtMs + patience.drainMs, quietLooks);
    // Here all that had arrived has been taken and read.
    await pollIsOver();
    // Not `server.close()`: that would close idle connections too, whose clients may be about to send.
    NetServer.prototype.close.call(server);
    await untilAllRefuse();
    isLastAnswer = true;
    await untilUnused(startedAtMs + patience.idleMs, 1);
    const deadline = setTimeout(() => server.closeAllConnections(), startedAtMs + patience.totalMs - performance.now());
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
