import { isIPv4, isIPv6 } from 'node:net';
import type { FleetFileNode } from './fleet-file-schema.ts';

/** Finds a public address without a probe of its address family, or a private IPv6 address that is not needed. */
export function findUnprovenAddress(
  node: FleetFileNode,
): { field: 'privateAddress' | 'privateIpv6'; detail: string } | undefined {
  const { publicIp, publicIpv6, privateAddress, privateIpv6 } = node;
  const publishesBoth = publicIp !== undefined && publicIpv6 !== undefined;
  if (publicIp !== undefined && isIPv6(privateAddress)) {
    return {
      field: 'privateAddress',
      detail: 'A probe of an IPv6 address cannot prove publicIp: expected an IPv4 address or a host name',
    };
  }
  if (publicIpv6 !== undefined && !publishesBoth && isIPv4(privateAddress)) {
    return {
      field: 'privateAddress',
      detail: 'A probe of an IPv4 address cannot prove publicIpv6: expected an IPv6 address or a host name',
    };
  }
  if (publishesBoth && privateIpv6 === undefined) {
    return {
      field: 'privateIpv6',
      detail: 'Missing: expected the IPv6 address to probe, because both publicIp and publicIpv6 are set',
    };
  }
  return privateIpv6 !== undefined && !publishesBoth
    ? {
        field: 'privateIpv6',
        detail: 'Needs both publicIp and publicIpv6: remove this field and set only privateAddress',
      }
    : undefined;
}
