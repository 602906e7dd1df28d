import { connect, type Socket } from 'node:net';

/** Ways in which a client keeps its connection open as long as the router permits. */
export const slowManners = ['idle', 'slow head', 'slow body', 'never reads'] as const;
export type SlowManner = (typeof slowManners)[number];

export type SlowOutcome = {
  readonly manner: SlowManner;
  /** Time until the router closed the connection, ms; undefined if it was still open at the end. */
  readonly closedAfterMs: number | undefined;
};

/** Time by which the router must have closed the connection, ms: the router's timeout (head 5 s, request 10 s, reader 30 s) and a margin. */
export const closedWithinMs: Readonly<Record<SlowManner, number>> = {
  idle: 8_000,
  'slow head': 8_000,
  'slow body': 14_000,
  'never reads': 40_000,
};

const starts: Readonly<Record<SlowManner, string>> = {
  idle: '',
  'slow head': 'POST /v1/ice-servers HTTP/1.1\r\nX: ',
  'slow body':
    'POST /v1/ice-servers HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n{"userId":"',
  // The largest answer of the router, several times: more than the buffers between the two sides hold.
  'never reads': 'GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(16),
};

/** Time after which a client that never reads starts to read, ms. Unread data in its buffers hides the end of the connection until then. */
const readsAfterMs = 35_000;

/**
 * Connects and sends the first bytes of its manner. A slow manner then sends one more byte each second.
 *
 * @param timeoutFactor the client gives up after `timeoutFactor` × `closedWithinMs`
 */
export function holdConnection(port: number, manner: SlowManner, timeoutFactor = 1): Promise<SlowOutcome> {
  const startedAtMs = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (closedAfterMs: number | undefined) => {
      clearInterval(drip);
      clearTimeout(reading);
      clearTimeout(leaving);
      socket.destroy();
      resolve({ manner, closedAfterMs });
    };
    const drip = setInterval(() => {
      if (manner === 'slow head' || manner === 'slow body') socket.write('x');
    }, 1_000);
    if (manner === 'never reads') socket.pause();
    else socket.resume();
    const reading = setTimeout(() => socket.resume(), readsAfterMs);
    const leaving = setTimeout(() => end(undefined), timeoutFactor * closedWithinMs[manner]);
    socket.on('error', () => {});
    socket.once('close', () => end(performance.now() - startedAtMs));
    socket.write(starts[manner]);
  });
}

/** Sends a part of the announced body, then resets the connection. */
export function abortUpload(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket: Socket = connect({ host: '127.0.0.1', port }, () => {
      socket.write(starts['slow body'], () => socket.resetAndDestroy());
    });
    socket.on('error', () => {});
    socket.once('close', () => resolve());
  });
}
