import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { relayBytes, reset, type Delivery } from './relay-bytes.ts';

/** A fault of the network between a client and its server. */
export type NetworkFault =
  | { readonly kind: 'none' }
  /** Delays every piece of data by `latencyMs` plus up to `jitterMs`, and keeps the order. */
  | { readonly kind: 'latency'; readonly latencyMs: number; readonly jitterMs?: number }
  /** Splits all data into pieces of this many bytes. */
  | { readonly kind: 'slices'; readonly bytes: number }
  /** Refuses new connections, and resets the open ones. */
  | { readonly kind: 'refusal' }
  /**
   * Accepts and holds connections, but forwards no byte in either direction. Connections that were open during this fault stay dead (half-open)
   * after it, as if a firewall had dropped their state.
   */
  | { readonly kind: 'black_hole' };

export interface FaultyProxy extends AsyncDisposable {
  /** Port on 127.0.0.1. It never changes. */
  readonly port: number;
  /** Replaces the current fault. */
  setFault(fault: NetworkFault): Promise<void>;
  /** Resets (RST) all open connections. */
  resetConnections(): void;
  /** Returns the time at which each connection so far was accepted, ms of `performance.now()`. */
  connectedAtMs(): readonly number[];
  openConnections(): number;
}

type Connection = { readonly client: Socket; readonly upstream: Socket; isDead: boolean };

/** Starts a TCP proxy on a free loopback port. Its fault can change while it runs. */
export async function startFaultyProxy(options: {
  target: { host?: string; port: number };
  /** Returns numbers uniform in [0, 1), for the jitter. */
  random: () => number;
}): Promise<FaultyProxy> {
  const { target, random } = options;
  const connections = new Set<Connection>();
  const connectedAtMs: number[] = [];
  let fault: NetworkFault = { kind: 'none' };

  const accept = (client: Socket) => {
    connectedAtMs.push(performance.now());
    const upstream = connect({ host: target.host ?? '127.0.0.1', port: target.port, noDelay: true });
    const connection = { client, upstream, isDead: fault.kind === 'black_hole' };
    connections.add(connection);
    client.once('close', () => {
      connections.delete(connection);
      if (connection.isDead) upstream.destroy();
    });
    const path = { isDead: () => connection.isDead, nextDelivery: () => deliveryWith(fault, random) };
    relayBytes(client, upstream, path);
    relayBytes(upstream, client, path);
  };
  const resetConnections = () => {
    for (const { client, upstream } of connections) {
      reset(client);
      upstream.destroy();
    }
  };

  let server: Server | undefined = await listen(0, accept);
  const port = portOf(server);
  const close = async () => {
    const closed = server === undefined ? undefined : once(server, 'close');
    server?.close();
    server = undefined;
    resetConnections();
    await closed;
  };
  return {
    port,
    async setFault(next) {
      fault = next;
      if (fault.kind === 'refusal') return close();
      if (fault.kind === 'black_hole') for (const connection of connections) connection.isDead = true;
      server ??= await listen(port, accept);
    },
    resetConnections,
    connectedAtMs: () => connectedAtMs,
    openConnections: () => connections.size,
    [Symbol.asyncDispose]: close,
  };
}

function deliveryWith(fault: NetworkFault, random: () => number): Delivery {
  switch (fault.kind) {
    case 'latency':
      return { delayMs: fault.latencyMs + random() * (fault.jitterMs ?? 0) };
    case 'slices':
      return { delayMs: 0, pieceBytes: fault.bytes };
    case 'none':
    case 'refusal':
    case 'black_hole':
      return { delayMs: 0 };
  }
}

/** Listens on a port. Retries, because a connection of a listener that has just closed may still hold the port. */
async function listen(port: number, onConnection: (socket: Socket) => void): Promise<Server> {
  for (let attempt = 1; ; attempt += 1) {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, onConnection);
    server.listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
      return server;
    } catch (error) {
      if (attempt === 20) throw error;
      await delay(100);
    }
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
