import { once } from 'node:events';
import { createServer } from 'node:http';

export interface TrafficExporter extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  /** Sets the traffic of the interface from now on. */
  setRate(bytesPerSecond: number): void;
}

/**
 * Starts a stand-in for node_exporter. It serves the transmit counter of one interface, whose rate `setRate` sets.
 *
 * @param options.address a loopback address, such as 127.0.0.2
 */
export async function startTrafficExporter(options: { address: string; port: number }): Promise<TrafficExporter> {
  const { address, port } = options;
  let rate = 0;
  let sentBytes = 0;
  let countedAtMs = performance.now();
  const count = () => {
    const nowMs = performance.now();
    sentBytes += (rate * (nowMs - countedAtMs)) / 1000;
    countedAtMs = nowMs;
  };
  const server = createServer((_req, res) => {
    count();
    res.setHeader('Content-Type', 'text/plain; version=0.0.4');
    res.end(`# TYPE node_network_transmit_bytes_total counter
node_network_transmit_bytes_total{device="eth0"} ${Math.round(sentBytes)}
node_network_transmit_bytes_total{device="lo"} 0
`);
  });
  server.listen(port, address);
  await once(server, 'listening');
  return {
    address,
    port,
    setRate(bytesPerSecond) {
      count();
      rate = bytesPerSecond;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
