import { isIPv4, isIPv6 } from 'node:net';
import type { FleetFile, FleetFileNode } from './fleet-file-schema.ts';

/** Returns the nodes of a fleet file in either format. */
export function nodesFromFleetFile({ nodes, turn }: FleetFile): readonly FleetFileNode[] {
  return nodes ?? Object.entries(turn?.addressMapping ?? {}).map(nodeFromMapping);
}

/** Returns the id for a node without an id: `turn-1.example.org` → `turn-1-example-org`, `192.0.2.50` → `192-0-2-50`. */
export function idFromAddress(address: string): string {
  return address
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-')
    .replace(/^-+/, '');
}

function nodeFromMapping([publicAddress, privateAddress]: [string, string]): FleetFileNode {
  return {
    id: idFromAddress(publicAddress),
    privateAddress,
    ...(isIPv4(publicAddress)
      ? { publicIp: publicAddress }
      : isIPv6(publicAddress)
        ? { publicIpv6: publicAddress }
        : { hostname: publicAddress }),
  };
}
