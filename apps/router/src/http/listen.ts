import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Express } from 'express';

export interface Listener extends AsyncDisposable {
  /** The port in use, also when any free one was asked for. */
  readonly port: number;
}

/** A whole request must be here within this time, ms; slower ones only hold a connection. */
const requestTimeoutMs = 10_000;

/** Requests under way may finish within this time after a stop, ms. */
const stopTimeoutMs = 8_000;

/** @throws the system's error, such as EADDRINUSE */
export async function listen(app: Express, address: { host: string | undefined; port: number }): Promise<Listener> {
  const server = createServer({ requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs / 2 }, app);
  server.listen({ port: address.port, ...(address.host === undefined ? {} : { host: address.host }) });
  await once(server, 'listening');
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : address.port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      // A connection that was busy now is idle after its answer, and would be kept for a next request.
      const sweep = setInterval(() => server.closeIdleConnections(), 50);
      const deadline = setTimeout(() => server.closeAllConnections(), stopTimeoutMs);
      await closed;
      clearInterval(sweep);
      clearTimeout(deadline);
    },
  };
}
