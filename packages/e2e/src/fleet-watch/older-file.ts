/** The addresses that are probed and scraped, one per node. */
export const privateAddresses = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
/** The public addresses and names that are published. Nothing in the test can reach them. */
export const publicNames = ['turn-1.example.org', '192.0.2.2', '192.0.2.3'];
/** The node ids, derived from the public names. */
export const nodeIds = ['turn-1-example-org', '192-0-2-2', '192-0-2-3'];

/** The health check settings of the file below. */
export const healthCheck = { intervalMs: 500, failureThreshold: 3 };

/** Returns the older balancer's file as its users have it, but with shorter intervals. */
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
  intervalSeconds: ${healthCheck.intervalMs / 1000}
  timeoutSeconds: 5
  successThreshold: 3
  failureThreshold: ${healthCheck.failureThreshold}
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
