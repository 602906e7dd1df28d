import type { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

/** Delay and piece size for the next data. */
export type Delivery = {
  /** Time between receiving and forwarding the data, ms. */
  readonly delayMs: number;
  /** If undefined, the data is forwarded as it arrived. */
  readonly pieceBytes?: number;
};

/**
 * Forwards data from one socket to another in order, then the end of the connection, whether clean or by reset. While `path` is dead,
 * forwards nothing.
 */
export function relayBytes(
  from: Socket,
  to: Socket,
  path: { isDead: () => boolean; nextDelivery: () => Delivery },
): void {
  let forwarded = Promise.resolve();
  let wasReset = false;
  from.on('data', (bytes: Buffer) => {
    if (path.isDead()) return;
    const { delayMs, pieceBytes = bytes.length } = path.nextDelivery();
    const departsAtMs = performance.now() + delayMs;
    forwarded = forwarded.then(() => send(to, bytes, departsAtMs, pieceBytes, path.isDead));
  });
  from.on('error', () => {
    wasReset = true;
  });
  from.once('end', () => void forwarded.then(() => path.isDead() || to.end()));
  from.once('close', () => void forwarded.then(() => path.isDead() || end(to, wasReset)));
}

function end(to: Socket, byReset: boolean): void {
  if (byReset) reset(to);
  else to.destroySoon();
}

/** Closes a socket with RST. A socket whose end was already sent is destroyed instead: libuv would neither reset nor close it. */
export function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

async function send(to: Socket, bytes: Buffer, departsAtMs: number, pieceBytes: number, isDead: () => boolean) {
  const waitMs = departsAtMs - performance.now();
  if (waitMs > 0) await delay(waitMs);
  for (let start = 0; start < bytes.length && to.writable && !isDead(); start += pieceBytes) {
    to.write(bytes.subarray(start, start + pieceBytes));
    // One turn of the event loop, so that the kernel gets each piece separately.
    if (pieceBytes < bytes.length) await nextTurn();
  }
}
