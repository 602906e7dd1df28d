import type { Socket } from 'node:net';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';

/** How the next bytes travel. */
export type Course = {
  /** From arrival to departure, ms. */
  readonly delayMs: number;
  /** Undefined: as they came. */
  readonly pieceBytes?: number;
};

/** Passes on what comes from one socket to another, in order, and its end, clean or by reset; nothing at all when the way is dead. */
export function relayBytes(from: Socket, to: Socket, way: { isDead: () => boolean; next: () => Course }): void {
  let passedOn = Promise.resolve();
  let wasReset = false;
  from.on('data', (bytes: Buffer) => {
    if (way.isDead()) return;
    const course = way.next();
    const departsAtMs = performance.now() + course.delayMs;
    passedOn = passedOn.then(() => send(to, bytes, departsAtMs, course.pieceBytes ?? bytes.length, way.isDead));
  });
  from.on('error', () => {
    wasReset = true;
  });
  from.once('end', () => void passedOn.then(() => way.isDead() || to.end()));
  from.once('close', () => void passedOn.then(() => way.isDead() || end(to, wasReset)));
}

function end(to: Socket, byReset: boolean): void {
  if (byReset) reset(to);
  else to.destroySoon();
}

/** Closes by RST. One that has said its end already is closed as it is: libuv resets no such socket, nor does it ever close it then. */
export function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

async function send(to: Socket, bytes: Buffer, departsAtMs: number, pieceBytes: number, isDead: () => boolean) {
  const waitMs = departsAtMs - performance.now();
  if (waitMs > 0) await delay(waitMs);
  for (let start = 0; start < bytes.length && to.writable && !isDead(); start += pieceBytes) {
    to.write(bytes.subarray(start, start + pieceBytes));
    // A turn of the event loop, so that the kernel gets each piece by itself.
    if (pieceBytes < bytes.length) await turn();
  }
}
