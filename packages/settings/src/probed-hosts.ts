import { isIPv6 } from 'node:net';
import type { SettingValues } from './setting.ts';
import type { turnNodeSettings } from './turn-node-settings.ts';

type Addresses = Pick<
  SettingValues<typeof turnNodeSettings>,
  'PUBLIC_IP' | 'PUBLIC_IPV6' | 'TURN_ADDRESS' | 'TURN_ADDRESS_IPV6'
>;

/** The host that the reporter probes over each address family. A host name is listed under IPv4. */
export type ProbedHosts = Readonly<Partial<Record<'IPv4' | 'IPv6', string>>>;

/**
 * Returns a host to probe for each address family that the node advertises. If the node advertises only a host name, the probe uses the
 * address family of TURN_ADDRESS.
 */
export function probedHosts(values: Addresses): ProbedHosts {
  const { PUBLIC_IP, PUBLIC_IPV6, TURN_ADDRESS, TURN_ADDRESS_IPV6 } = values;
  const hasOnlyHostname = PUBLIC_IP === undefined && PUBLIC_IPV6 === undefined;
  const hasIpv6 = PUBLIC_IPV6 !== undefined || (hasOnlyHostname && isIPv6(TURN_ADDRESS));
  const hasIpv4 = PUBLIC_IP !== undefined || (hasOnlyHostname && !hasIpv6);
  return {
    ...(hasIpv4 && { IPv4: TURN_ADDRESS }),
    ...(hasIpv6 && { IPv6: TURN_ADDRESS_IPV6 ?? (isIPv6(TURN_ADDRESS) ? TURN_ADDRESS : '::1') }),
  };
}
