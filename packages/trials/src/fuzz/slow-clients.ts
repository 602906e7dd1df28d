import { connect, type Socket } from 'node:net';

/** How a client holds its connection for as long as it is let. */
export const slowManners = ['idle', 'slow head', 'slow body', 'never reads'] as const;
export type SlowManner = (typeof slowManners)[number];

export type SlowOutcome = {
  readonly manner: SlowManner;
  /** How long the router let it stay, ms; undefined: it was still there in the end. */
  readonly closedAfterMs: number | undefined;
};

/** After so long the router has closed it: its own time for that (5 s a head, 10 s a request, 30 s a reader), and some more. */
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
  // The largest answer that there is, several times: more than the buffers between hold.
  'never reads': 'GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(16),
};

/** Who never reads begins then, to see whether the connection ends: until then what stands in buffers hides its end, ms. */
const readsAfterMs = 35_000;

/**
 * Dials, says what its manner says, and then one letter a second where it is of a slow manner.
 *
 * @param patience times `closedWithinMs` it stays for the router to close it
 */
export function holdConnection(port: number, manner: SlowManner, patience = 1): Promise<SlowOutcome> {
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
    const leaving = setTimeout(() => end(undefined), patience * closedWithinMs[manner]);
    socket.on('error', () => {});
    socket.once('close', () => end(performance.now() - startedAtMs));
    socket.write(starts[manner]);
  });
}

/** Uploads a part of what it says that it will, and goes away. */
export function abortUpload(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket: Socket = connect({ host: '127.0.0.1', port }, () => {
      socket.write(starts['slow body'], () => socket.resetAndDestroy());
    });
    socket.on('error', () => {});
    socket.once('close', () => resolve());
  });
}
