import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { drawn } from './drawn.ts';
import { hostileReplies } from './hostile-replies.ts';

/** A Redis server between a client and the real one. It damages some of the replies. */
export interface HostileRedis extends AsyncDisposable {
  readonly url: string;
  /** Number of damaged replies. */
  readonly damages: () => number;
  /** Begins or ends the damage. It starts without damage. */
  readonly damage: (isHostile: boolean) => void;
}

/** One chunk of this number is damaged. Most commands then succeed, so that the client goes on to the next ones. */
const damagedOneIn = 4;

export async function startHostileRedis(redisPort: number, seed: number): Promise<HostileRedis> {
  const sockets = new Set<Socket>();
  const damage = drawn(hostileReplies, seed);
  let isHostile = false;
  let chunks = 0;
  let damages = 0;

  const passOn = (chunk: Buffer): Buffer => {
    chunks += 1;
    const damageReply = isHostile && chunks % damagedOneIn === 0 ? damage.next().value : undefined;
    if (damageReply === undefined) return chunk;
    damages += 1;
    return damageReply(chunk);
  };
  const server = createServer((client) => {
    const redis = connect(redisPort, '127.0.0.1');
    for (const [socket, other] of [
      [client, redis],
      [redis, client],
    ] as const) {
      sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(socket);
          other.destroy();
        });
    }
    client.on('data', (chunk) => redis.write(chunk));
    redis.on('data', (chunk: Buffer) => client.write(passOn(chunk)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the hostile Redis has no port');
  return {
    url: `redis://127.0.0.1:${address.port}`,
    damages: () => damages,
    damage(isToBeHostile) {
      isHostile = isToBeHostile;
      // A connection may wait for the end of a damaged reply, and would take the next replies for it.
      if (!isHostile) for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
