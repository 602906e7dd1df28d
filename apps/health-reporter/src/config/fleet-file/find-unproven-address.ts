import { isIPv4, isIPv6 } from 'node:net';
import type { FleetFileNode } from './fleet-file-schema.ts';

/** A public address that would be published although no probe says anything of it, or a probe that says nothing of any. */
export function findUnprovenAddress(
  node: FleetFileNode,
): { field: 'privateAddress' | 'privateIpv6'; detail: string } | undefined {
  const { publicIp, publicIpv6, privateAddress, privateIpv6 } = node;
  const publishesBoth = publicIp !== undefined && publicIpv6 !== undefined;
  if (publicIp !== undefined && isIPv6(privateAddress)) {
    return {
      field: 'privateAddress',
      detail: 'IPv6 proves nothing of a public IPv4 address: expected an IPv4 address or a name',
    };
  }
  if (publicIpv6 !== undefined && !publishesBoth && isIPv4(privateAddress)) {
    return {
      field: 'privateAddress',
      detail: 'IPv4 proves nothing of a public IPv6 address: expected an IPv6 address or a name',
    };
  }
  if (publishesBoth && privateIpv6 === undefined) {
    return { field: 'privateIpv6', detail: 'Missing: expected where publicIpv6 is probed, as publicIp is set, too' };
  }
  return privateIpv6 !== undefined && !publishesBoth
    ? { field: 'privateIpv6', detail: 'Set without both publicIp and publicIpv6: expected privateAddress alone' }
    : undefined;
}
