import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { StunServer } from '../src/index.ts';
import { decodeMessage } from '../src/message/decode-message.ts';

/** A path to a UDP server on loopback that drops datagrams; `lost` counts them. */
export type LossyUdpPath = AsyncDisposable & { readonly server: StunServer; readonly lost: number };

/** One datagram: its direction, the type of its message, and how many of this kind have come, including this one. */
export type Datagram = {
  readonly toServer: boolean;
  readonly method: number;
  readonly messageClass: string;
  readonly count: number;
};

export async function startLossyUdpPath(
  server: StunServer,
  isLost: (datagram: Datagram) => boolean,
): Promise<LossyUdpPath> {
  const front = createSocket('udp4').bind(0, '127.0.0.1');
  const back = createSocket('udp4').bind(0, '127.0.0.1');
  await Promise.all([once(front, 'listening'), once(back, 'listening')]);
  const counts = new Map<string, number>();
  let lost = 0;
  let clientPort: number | undefined;

  function passes(packet: Uint8Array, toServer: boolean): boolean {
    const { method, messageClass } = decodeMessage(packet);
    const kind = [toServer, method, messageClass].join();
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    if (!isLost({ toServer, method, messageClass, count })) return true;
    lost += 1;
    return false;
  }
  front.on('message', (packet, { port }) => {
    clientPort = port;
    if (passes(packet, true)) back.send(packet, server.port, server.host);
  });
  back.on('message', (packet) => {
    if (clientPort !== undefined && passes(packet, false)) front.send(packet, clientPort, '127.0.0.1');
  });
  return {
    server: { ...server, host: '127.0.0.1', port: front.address().port },
    get lost() {
      return lost;
    },
    async [Symbol.asyncDispose]() {
      front.close();
      back.close();
    },
  };
}
