import { once } from 'node:events';
import { createServer } from 'node:http';

export interface TrafficExporter extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  /** From now on. */
  carry(bytesPerSecond: number): void;
}

/**
 * Starts what Prometheus scrapes of a machine: the interface counter of node_exporter, of an interface that carries what it is told.
 *
 * @param address of loopback, such as 127.0.0.2
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
    carry(bytesPerSecond) {
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
