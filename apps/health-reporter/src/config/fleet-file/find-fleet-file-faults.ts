import { nodeIdSchema, nodeNameFromKey, nodeReportSchema } from '@turn-router/contract/registry';
import { findUnprovenAddress } from './find-unproven-address.ts';
import type { FleetFile, FleetFileNode } from './fleet-file-schema.ts';
import { idFromAddress, nodesFromFleetFile } from './nodes-from-fleet-file.ts';

type FleetFileFault = { readonly path: readonly PropertyKey[]; readonly detail: string };

/** Finds the conflicts between fields of the file. */
export function findFleetFileFaults(file: FleetFile, defaultRegion: string | undefined): FleetFileFault[] {
  const { nodes, turn } = file;
  if ((nodes === undefined) === (turn === undefined)) {
    return nodes === undefined
      ? [{ path: ['nodes'], detail: 'Missing: expected nodes or turn.addressMapping' }]
      : [{ path: ['turn'], detail: 'Both nodes and turn are set: expected only one of these fields' }];
  }
  return [
    ...findMissingRegions(file, defaultRegion),
    ...(turn === undefined ? [] : findBadMappings(turn.addressMapping)),
    ...findUnprovenAddresses(file),
    ...findRepeated(
      nodes ?? [],
      'id',
      ({ region = defaultRegion ?? '', id }) => nodeNameFromKey({ region, id }),
      'each node of a region only once',
    ),
    ...findRepeated(
      nodes ?? [],
      'privateAddress',
      (node) => `${node.privateAddress}:${node.port ?? file.healthCheck.port}`,
      'each TURN server only once',
    ),
  ];
}

function findMissingRegions({ nodes = [], turn }: FleetFile, defaultRegion: string | undefined): FleetFileFault[] {
  if (defaultRegion !== undefined) return [];
  if (turn !== undefined) {
    return [
      {
        path: ['turn', 'addressMapping'],
        detail: 'Missing region: expected the setting REGION, because these nodes have no region',
      },
    ];
  }
  return nodes.flatMap(({ region }, index) =>
    region === undefined
      ? [
          {
            path: ['nodes', index, 'region'],
            detail: 'Missing: expected a region in this field, or in the setting REGION',
          },
        ]
      : [],
  );
}

function findUnprovenAddresses(file: FleetFile): FleetFileFault[] {
  const mapped = Object.keys(file.turn?.addressMapping ?? {});
  return nodesFromFleetFile(file).flatMap((node, index) => {
    const fault = findUnprovenAddress(node);
    if (fault === undefined) return [];
    const publicAddress = mapped[index];
    const path =
      publicAddress === undefined ? ['nodes', index, fault.field] : ['turn', 'addressMapping', publicAddress];
    return [{ path, detail: fault.detail }];
  });
}

/** Returns whether the set has the name already. Adds it otherwise. */
function isRepeated(seen: Set<string>, name: string): boolean {
  return seen.size === seen.add(name).size;
}

function findBadMappings(mapping: Readonly<Record<string, string>>): FleetFileFault[] {
  const entries = Object.entries(mapping);
  const ids = new Set<string>();
  const privateAddresses = new Set<string>();
  const faults = entries.flatMap(([publicAddress, privateAddress]) => {
    const path = ['turn', 'addressMapping', publicAddress];
    if (!isPublicAddress(publicAddress)) {
      return [{ path, detail: 'Invalid public address: expected an IP address or a fully qualified domain name' }];
    }
    const id = idFromAddress(publicAddress);
    if (!nodeIdSchema.safeParse(id).success)
      return [
        { path, detail: `Too long: expected an address whose node id is valid, but the node id would be "${id}"` },
      ];
    const isSameServer = isRepeated(privateAddresses, privateAddress);
    if (isRepeated(ids, id)) {
      return [{ path, detail: `Repeated node id "${id}": expected addresses that result in different ids` }];
    }
    return isSameServer
      ? [{ path, detail: `Repeated address "${privateAddress}": expected each TURN server only once` }]
      : [];
  });
  return entries.length > 0
    ? faults
    : [{ path: ['turn', 'addressMapping'], detail: 'Too small: expected at least one node' }];
}

function isPublicAddress(address: string): boolean {
  const { public_ip, public_ipv6, hostname } = nodeReportSchema.shape;
  return [public_ip, public_ipv6, hostname].some((schema) => schema.safeParse(address).success);
}

function findRepeated(
  nodes: readonly FleetFileNode[],
  field: 'id' | 'privateAddress',
  nameOf: (node: FleetFileNode) => string,
  expected: string,
): FleetFileFault[] {
  const seen = new Set<string>();
  return nodes.flatMap((node, index) => {
    const name = nameOf(node);
    return isRepeated(seen, name)
      ? [{ path: ['nodes', index, field], detail: `Repeated ${field} "${node[field]}": expected ${expected}` }]
      : [];
  });
}
