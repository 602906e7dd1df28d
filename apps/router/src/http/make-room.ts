import type { Server } from 'node:http';

/** At most so often all connections are looked at, ms. */
const lookIntervalMs = 1_000;

/**
 * Closes idle connections when so many are open, before new ones have to be refused: callers who have their answer need theirs less than
 * those who come for one.
 *
 * @param crowd open connections from which on room is made
 */
export function makeRoom(server: Server, crowd: number, monotonicNowMs: () => number = () => performance.now()): void {
  let open = 0;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  server.on('connection', (socket) => {
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
    const timeMs = monotonicNowMs();
    if (open < crowd || timeMs - lookedAtMs < lookIntervalMs) return;
    lookedAtMs = timeMs;
    server.closeIdleConnections();
  });
}
