/** Probed and scraped, each on an address of its own; published is what only the world can reach. */
export const privateAddresses = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
export const publicNames = ['turn-1.example.org', '192.0.2.2', '192.0.2.3'];
/** That the nodes get by their public names. */
export const nodeIds = ['turn-1-example-org', '192-0-2-2', '192-0-2-3'];

/** Of the file below. */
export const check = { intervalMs: 500, failureThreshold: 3 };

/** The older balancer's file as its users have it, but for intervals that a test can wait for. */
export function olderFile(ports: { turn: number; exporter: number; prometheus: number }): string {
  return `# Coturn loadbalancer config
logLevel: INFO
webApi:
  host: 0.0.0.0
  port: 8080
  threads: 4
turn:
  addressMapping:
${publicNames.map((name, index) => `    ${name}: ${privateAddresses[index]}\n`).join('')}
healthCheck:
  intervalSeconds: ${check.intervalMs / 1000}
  timeoutSeconds: 5
  successThreshold: 3
  failureThreshold: ${check.failureThreshold}
  port: ${ports.turn}

loadBalancer:
  algorithm: metrics
  intervalMinutes: 0.01
  durationMinutes: 0.02
  timeoutSeconds: 5
  prometheus:
    endpoint: http://127.0.0.1
    port: ${ports.prometheus}
    query: 'max by (instance) (rate(node_network_transmit_bytes_total{instance=~"(%s):${ports.exporter}"}[1s]))'
`;
}
