import ipaddr from 'ipaddr.js';

/** Of an IPv6 address, those groups of 16 bits that are one customer's network. */
const customerGroups = 4;

/**
 * The part of an address that belongs to one customer: IPv4 whole, IPv6 its /64.
 *
 * @param address IPv4 or IPv6 text, without a zone
 * @returns in one spelling whatever that of the address: IPv6 as RFC 5952 has it
 */
export function customerPrefix(address: string): string {
  if (!address.includes(':')) return `${address}/32`;
  const { parts } = ipaddr.IPv6.parse(address);
  const network = new ipaddr.IPv6(parts.map((group, index) => (index < customerGroups ? group : 0)));
  return `${network.toString()}/64`;
}

/** Whether a text is what `customerPrefix` makes of some address. */
export function isCustomerPrefix(text: string): boolean {
  const [address = ''] = text.split('/');
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address);
  return isAddress && customerPrefix(address) === text;
}
