/** Of an IPv6 address, those groups of 16 bits that are one customer's network. */
const customerGroups = 4;
const groupsOfAddress = 8;

/**
 * The part of an address that belongs to one customer: IPv4 whole, IPv6 its /64.
 *
 * @param address IPv4 or IPv6 text, without a zone
 * @returns in one spelling whatever that of the address: IPv6 as RFC 5952 has it
 */
export function customerPrefix(address: string): string {
  if (!address.includes(':')) return `${address}/32`;
  const [head = '', tail] = canonicalIpv6(address).split('::');
  const first = groupsOf(head);
  const last = groupsOf(tail ?? '');
  const zeros = Array.from({ length: groupsOfAddress - first.length - last.length }, () => '0');
  const network = [...first, ...zeros, ...last].slice(0, customerGroups);
  return `${canonicalIpv6(`${network.join(':')}::`)}/64`;
}

/** Whether a text is what `customerPrefix` makes of some address. */
export function isCustomerPrefix(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  if (rest.length > 0 || !URL.canParse(urlOf(address))) return false;
  const isIpv6 = address.includes(':');
  // The host of a URL may be any name, and IPv4 in several spellings, of which it becomes the usual one.
  if (!isIpv6 && (!/^[\d.]+$/.test(address) || new URL(urlOf(address)).hostname !== address)) return false;
  return bits !== undefined && customerPrefix(address) === text;
}

function urlOf(address: string): string {
  return `http://${address.includes(':') ? `[${address}]` : address}/`;
}

/** As URLs write it (https://url.spec.whatwg.org/#concept-ipv6-serializer), which is RFC 5952. */
function canonicalIpv6(address: string): string {
  return new URL(urlOf(address)).hostname.slice(1, -1);
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
