import { policySchema, type Policy } from '@turn-router/contract/policy';
import type { NodeReport } from '@turn-router/contract/registry';
import type { FleetReading } from './fleet-change.ts';
import { relayNodeFromReport, type RelayNode } from './relay-node.ts';

/** Reports by region. A number is the load of a node of 1000 Mbit/s: `{frankfurt: [0.9]}` is one node in Frankfurt at 90 %. */
export type FleetReports = Readonly<Record<string, readonly (number | NodeReport)[]>>;

/** Two American regions that spill to each other, Frankfurt that spills to both, an island without targets, and a disabled region. */
export const policy = policyWith({});

/** Load counts bandwidth only, so that tests can read a node's load from its report. */
export function policyWith(changes: Readonly<Record<string, unknown>>): Policy {
  return policySchema.parse({
    defaultRegion: 'virginia',
    load: { cpu: 0, bandwidth: 1 },
    regions: {
      virginia: { location: [38.95, -77.45], spillover: ['oregon', 'frankfurt'] },
      oregon: { location: [45.84, -119.7], spillover: ['virginia'] },
      frankfurt: { location: [50.11, 8.68], spillover: [{ region: 'virginia', maxShare: 0.5 }, 'oregon'] },
      island: { location: [64.1, -21.9] },
      closed: { location: [0, 0], enabled: false },
    },
    ...changes,
  });
}

export const idle: NodeReport = { status: 'healthy', cpu: 0, bandwidth_mbps: 0, public_ip: '192.0.2.1', port: 3478 };

export function reportAt(load: number): NodeReport {
  return { ...idle, bandwidth_mbps: load * 1000 };
}

/** Creates a reading with nodes `n0`, `n1`, … in each region. */
export function readingOf(fleet: FleetReports, replicas = 1): FleetReading {
  const nodes = Object.entries(fleet).flatMap(([region, reports]) =>
    reports.map((report, index) => ({
      key: { region, id: `n${index}` },
      report: typeof report === 'number' ? reportAt(report) : report,
    })),
  );
  return { nodes, replicas };
}

export function relayNodes(fleet: FleetReports, read: Policy = policy): RelayNode[] {
  return readingOf(fleet).nodes.map((reported) => relayNodeFromReport(reported, read));
}

/** Creates one node `virginia/n0`. */
export function relayNode(report: Partial<NodeReport>, read: Policy = policy): RelayNode {
  return relayNodeFromReport({ key: { region: 'virginia', id: 'n0' }, report: { ...idle, ...report } }, read);
}
