import type { NodeRecord } from '../nodes/node-registry.ts';

/** A node of its own for each number, with a report of every kind of field. */
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
