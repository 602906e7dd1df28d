import {
  isNodePort,
  nodePortMin,
  unreachableKind,
  type NodeReport,
  type ParsedAddress,
} from '@turn-router/contract/registry';
import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';

/** What a record may name for callers to connect to. */
export type AddressRules = {
  /** Prefixes in CIDR notation whose addresses are permitted, whatever kind they are. */
  readonly allowAddresses: readonly string[];
  /** Ports below 1024 that are permitted, as well as 80 and 443. */
  readonly allowPorts: readonly number[];
};

export type AddressFault = { readonly reason: 'bad_address' | 'bad_port'; readonly detail: string };

/**
 * Returns the reason why callers must not get the addresses and ports of this record; undefined if they may.
 *
 * @param isLoopbackAllowed whether loopback addresses are permitted, as they are if the registry itself is on loopback
 */
export function findAddressFault(
  report: NodeReport,
  rules: AddressRules,
  isLoopbackAllowed: boolean,
): AddressFault | undefined {
  const isExempt = exemptionOf(rules, isLoopbackAllowed);
  for (const field of ['public_ip', 'public_ipv6'] as const) {
    const address = report[field];
    const kind = address === undefined ? undefined : unreachableKind(address, isExempt);
    if (kind === undefined) continue;
    const detail = `${field}: Unusable address: expected an address that callers can reach, got ${kind} (permit it with nodes.allowAddresses of the policy)`;
    return { reason: 'bad_address', detail };
  }
  for (const field of ['port', 'tls_port'] as const) {
    const port = report[field];
    if (port === undefined || isAllowedPort(port, rules)) continue;
    const detail = `${field}: Reserved port: expected 80, 443 or at least ${nodePortMin}, got ${port} (permit it with nodes.allowPorts of the policy)`;
    return { reason: 'bad_port', detail };
  }
  return undefined;
}

/**
 * Whether a router may send to this address and port, which a record or the host name in a record names. Text that is no address, and an address
 * with a zone, are not permitted.
 */
export function isPermittedAddress(
  { address, port }: { readonly address: string; readonly port: number },
  rules: AddressRules,
  isLoopbackAllowed: boolean,
): boolean {
  if (isIP(address) === 0 || address.includes('%') || !isAllowedPort(port, rules)) return false;
  return unreachableKind(address, exemptionOf(rules, isLoopbackAllowed)) === undefined;
}

function exemptionOf(rules: AddressRules, isLoopbackAllowed: boolean): (address: ParsedAddress) => boolean {
  return (address) => (isLoopbackAllowed && address.range() === 'loopback') || isAllowed(address, rules);
}

function isAllowedPort(port: number, { allowPorts }: AddressRules): boolean {
  return isNodePort(port) || allowPorts.includes(port);
}

function isAllowed(address: ParsedAddress, { allowAddresses }: AddressRules): boolean {
  return allowAddresses.some((prefix) => {
    const [network, bits] = ipaddr.parseCIDR(prefix);
    return network.kind() === address.kind() && address.match(network, bits);
  });
}
