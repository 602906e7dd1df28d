import ipaddr from 'ipaddr.js';

/** Number of leading 16-bit groups of an IPv6 address that identify one customer's network. */
const customerGroups = 4;

/**
 * Returns the network that belongs to one customer: the whole IPv4 address, or the /64 of an IPv6 address.
 *
 * @param address IPv4 or IPv6 text, without a zone
 * @returns the prefix in canonical spelling (RFC 5952 for IPv6)
 */
export function customerPrefix(address: string): string {
  if (!address.includes(':')) return `${address}/32`;
  const { parts } = ipaddr.IPv6.parse(address);
  const network = new ipaddr.IPv6(parts.map((group, index) => (index < customerGroups ? group : 0)));
  return `${network.toString()}/64`;
}

/** Whether this text is a prefix as `customerPrefix` returns it. */
export function isCustomerPrefix(text: string): boolean {
  const [address = ''] = text.split('/');
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address);
  return isAddress && customerPrefix(address) === text;
}
