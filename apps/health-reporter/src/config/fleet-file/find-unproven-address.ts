import { isIPv4, isIPv6 } from 'node:net';
import type { FleetFileNode } from './fleet-file-schema.ts';

/** Finds a public address that no probe would prove, or a probe that proves no public address. */
export function findUnprovenAddress(
  node: FleetFileNode,
): { field: 'privateAddress' | 'privateIpv6'; detail: string } | undefined {
  const { publicIp, publicIpv6, privateAddress, privateIpv6 } = node;
  const publishesBoth = publicIp !== undefined && publicIpv6 !== undefined;
  if (publicIp !== undefined && isIPv6(privateAddress)) {
    return {
      field: 'privateAddress',
      detail: 'An IPv6 probe cannot prove a public IPv4 address: expected an IPv4 address or a name',
    };
  }
  if (publicIpv6 !== undefined && !publishesBoth && isIPv4(privateAddress)) {
    return {
      field: 'privateAddress',
      detail: 'An IPv4 probe cannot prove a public IPv6 address: expected an IPv6 address or a name',
    };
  }
  if (publishesBoth && privateIpv6 === undefined) {
    return {
      field: 'privateIpv6',
      detail: 'Missing: expected the IPv6 address to probe, as both publicIp and publicIpv6 are set',
    };
  }
  return privateIpv6 !== undefined && !publishesBoth
    ? { field: 'privateIpv6', detail: 'Set without both publicIp and publicIpv6: expected only privateAddress' }
    : undefined;
}
