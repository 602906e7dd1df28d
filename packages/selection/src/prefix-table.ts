import ipaddr from 'ipaddr.js';

/** Finds the region of the longest prefix that holds an address. */
export type PrefixTable = (address: string) => string | undefined;

/** @param regionByPrefix CIDR → region; the prefixes are taken to be valid, as the policy's schema has it */
export function createPrefixTable(regionByPrefix: Readonly<Record<string, string>>): PrefixTable {
  const entries = Object.entries(regionByPrefix)
    .map(([prefix, region]) => ({ range: ipaddr.parseCIDR(prefix), region }))
    .toSorted((a, b) => b.range[1] - a.range[1]);
  if (entries.length === 0) return () => undefined;
  return (address) => {
    if (!ipaddr.isValid(address)) return undefined;
    const parsed = ipaddr.process(address);
    return entries.find(({ range }) => parsed.kind() === range[0].kind() && parsed.match(range))?.region;
  };
}
