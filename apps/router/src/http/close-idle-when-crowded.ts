import type { Server } from 'node:http';

/** Minimum time between two scans of all connections, ms. */
const scanIntervalMs = 1_000;

/**
 * Closes idle connections when the server has many connections, so that it need not refuse new connections.
 *
 * @param crowdedConnections from this number of open connections on, idle connections are closed
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
