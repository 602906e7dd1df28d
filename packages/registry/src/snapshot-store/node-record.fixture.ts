import type { NodeRecord } from '../nodes/node-registry.ts';

/** Creates a distinct node for each number. Its report has a field of every kind. */
export function nodeRecord(number: number): NodeRecord {
  return {
    key: { region: 'eu-central-1', id: `node-${number}` },
    report: {
      status: 'healthy',
      cpu: number % 100,
      bandwidth_mbps: 150.5,
      port: 3478,
      public_ip: '192.0.2.50',
      hostname: 'turn-1.example.org',
      transports: ['udp', 'tls'],
      seq: number,
      software: 'Coturn “Gorst”\u2028',
      probe: { binding_ms: 0.4 },
    },
  };
}

export function nodeRecords(count: number): readonly NodeRecord[] {
  return Array.from({ length: count }, (_, number) => nodeRecord(number));
}
