import { isIPv6 } from 'node:net';
import type { SettingValues } from './setting.ts';
import type { turnNodeSettings } from './turn-node-settings.ts';

type Addresses = Pick<
  SettingValues<typeof turnNodeSettings>,
  'PUBLIC_IP' | 'PUBLIC_IPV6' | 'TURN_ADDRESS' | 'TURN_ADDRESS_IPV6'
>;

/** Where the reporter reaches the TURN server over each family that the node advertises; a name stands under IPv4. */
export type ProbedHosts = Readonly<Partial<Record<'IPv4' | 'IPv6', string>>>;

/** An address to probe for each family that the node advertises; for a name alone that of TURN_ADDRESS. */
export function probedHosts(values: Addresses): ProbedHosts {
  const { PUBLIC_IP, PUBLIC_IPV6, TURN_ADDRESS, TURN_ADDRESS_IPV6 } = values;
  const isNameAlone = PUBLIC_IP === undefined && PUBLIC_IPV6 === undefined;
  const hasIpv6 = PUBLIC_IPV6 !== undefined || (isNameAlone && isIPv6(TURN_ADDRESS));
  const hasIpv4 = PUBLIC_IP !== undefined || (isNameAlone && !hasIpv6);
  return {
    ...(hasIpv4 && { IPv4: TURN_ADDRESS }),
    ...(hasIpv6 && { IPv6: TURN_ADDRESS_IPV6 ?? (isIPv6(TURN_ADDRESS) ? TURN_ADDRESS : '::1') }),
  };
}
