import { isIPv4 } from 'node:net';
import type { Network } from './denied-networks.ts';

/** Writes a network in coturn's format, `10.0.0.0-10.255.255.255`. If the network has only one address, writes only this address. */
export function networkRange({ address, prefix }: Pick<Network, 'address' | 'prefix'>): string {
  const last = isIPv4(address) ? lastIpv4(address, prefix) : lastIpv6(address, prefix);
  return last === address ? address : `${address}-${last}`;
}

function lastIpv4(address: string, prefix: number): string {
  return lastOf(address.split('.').map(Number), prefix, 8).join('.');
}

function lastIpv6(address: string, prefix: number): string {
  if (prefix === 128) return address;
  const [head = '', tail = ''] = address.split('::');
  const [before, after] = [head, tail].map((part) =>
    part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)),
  );
  const groups = [...(before ?? [])];
  while (groups.length + (after?.length ?? 0) < 8) groups.push(0);
  return lastOf([...groups, ...(after ?? [])], prefix, 16)
    .map((group) => group.toString(16))
    .join(':');
}

/** Sets every bit after the prefix to 1. Each part has `bits` bits. */
function lastOf(parts: readonly number[], prefix: number, bits: number): number[] {
  return parts.map((part, index) => {
    const free = Math.min(bits, Math.max(0, (index + 1) * bits - prefix));
    return part | (2 ** free - 1);
  });
}
