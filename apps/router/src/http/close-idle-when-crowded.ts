import type { Server } from 'node:http';

/** Minimum time between two scans of all connections, ms. */
const scanIntervalMs = 1_000;

/**
 * Closes idle connections when the server is crowded, so that new connections need not be refused.
 *
 * @param crowdedConnections number of open connections from which idle ones are closed
 */
export function closeIdleWhenCrowded(
  server: Server,
  crowdedConnections: number,
  monotonicNowMs: () => number = () => performance.now(),
): void {
  let open = 0;
  let scannedAtMs = Number.NEGATIVE_INFINITY;
  server.on('connection', (socket) => {
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
    const timeMs = monotonicNowMs();
    if (open < crowdedConnections || timeMs - scannedAtMs < scanIntervalMs) return;
    scannedAtMs = timeMs;
    server.closeIdleConnections();
  });
}
