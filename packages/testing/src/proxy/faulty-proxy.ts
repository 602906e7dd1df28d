import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { relayBytes, reset, type Course } from './relay-bytes.ts';

/** What a network between a client and its server may do to them. */
export type NetworkFault =
  | { readonly kind: 'none' }
  /** Every piece comes later by `latencyMs` plus up to `jitterMs`, in order. */
  | { readonly kind: 'latency'; readonly latencyMs: number; readonly jitterMs?: number }
  /** Every piece comes in pieces of this many bytes. */
  | { readonly kind: 'slices'; readonly bytes: number }
  /** Nobody listens, and who was connected is reset. */
  | { readonly kind: 'refusal' }
  /**
   * Connections are taken and held, but no byte comes through either way. Those that were open meanwhile stay dead when it ends, as after
   * a firewall has forgotten them: half-open.
   */
  | { readonly kind: 'black_hole' };

export interface FaultyProxy extends AsyncDisposable {
  /** On 127.0.0.1; stays the same. */
  readonly port: number;
  /** The fault in force from now on, instead of the one before. */
  suffer(fault: NetworkFault): Promise<void>;
  /** Resets (RST) the connections that are open now. */
  resetConnections(): void;
  /** When each connection so far was taken, ms of `performance.now()`. */
  connectedAtMs(): readonly number[];
  openConnections(): number;
}

type Connection = { readonly client: Socket; readonly upstream: Socket; isDead: boolean };

/** Starts a TCP proxy on a free loopback port, whose manners change while it runs. */
export async function startFaultyProxy(options: {
  target: { host?: string; port: number };
  /** Uniform in [0, 1), for the jitter. */
  random: () => number;
}): Promise<FaultyProxy> {
  const { target, random } = options;
  const connections = new Set<Connection>();
  const connectedAtMs: number[] = [];
  let fault: NetworkFault = { kind: 'none' };

  const take = (client: Socket) => {
    connectedAtMs.push(performance.now());
    const upstream = connect({ host: target.host ?? '127.0.0.1', port: target.port, noDelay: true });
    const connection = { client, upstream, isDead: fault.kind === 'black_hole' };
    connections.add(connection);
    client.once('close', () => {
      connections.delete(connection);
      if (connection.isDead) upstream.destroy();
    });
    const course = { isDead: () => connection.isDead, next: () => courseOf(fault, random) };
    relayBytes(client, upstream, course);
    relayBytes(upstream, client, course);
  };
  const resetConnections = () => {
    for (const { client, upstream } of connections) {
      reset(client);
      upstream.destroy();
    }
  };

  let server: Server | undefined = await listen(0, take);
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
    async suffer(next) {
      fault = next;
      if (fault.kind === 'refusal') return close();
      if (fault.kind === 'black_hole') for (const connection of connections) connection.isDead = true;
      server ??= await listen(port, take);
    },
    resetConnections,
    connectedAtMs: () => connectedAtMs,
    openConnections: () => connections.size,
    [Symbol.asyncDispose]: close,
  };
}

function courseOf(fault: NetworkFault, random: () => number): Course {
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

/** The port of a listener that was closed a moment ago may still be held by one of its connections. */
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
