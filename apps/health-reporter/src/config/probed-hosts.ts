import type { SettingValues } from '@turn-router/settings';
import { isIPv6 } from 'node:net';
import type { ProbeTarget } from './reporter-config.ts';
import type { settings } from './settings.ts';

type Addresses = Pick<
  SettingValues<typeof settings>,
  'PUBLIC_IP' | 'PUBLIC_IPV6' | 'TURN_ADDRESS' | 'TURN_ADDRESS_IPV6'
>;

/** An address to probe for each family that the node advertises; for a name alone that of TURN_ADDRESS. */
export function probedHosts(values: Addresses): ProbeTarget['hosts'] {
  const { PUBLIC_IP, PUBLIC_IPV6, TURN_ADDRESS, TURN_ADDRESS_IPV6 } = values;
  const isNameAlone = PUBLIC_IP === undefined && PUBLIC_IPV6 === undefined;
  const hasIpv6 = PUBLIC_IPV6 !== undefined || (isNameAlone && isIPv6(TURN_ADDRESS));
  const hasIpv4 = PUBLIC_IP !== undefined || (isNameAlone && !hasIpv6);
  return {
    ...(hasIpv4 && { IPv4: TURN_ADDRESS }),
    ...(hasIpv6 && { IPv6: TURN_ADDRESS_IPV6 ?? (isIPv6(TURN_ADDRESS) ? TURN_ADDRESS : '::1') }),
  };
}
