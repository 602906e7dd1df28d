import { hopsMax, listedHops, type ReadHops } from './client-address.ts';
import { forwardedHops } from './forwarded-header.ts';

/** Header fields in which proxies forward the address of a caller, in lower case. All others than the first two have one address. */
export const knownForwardingHeaders = [
  'x-forwarded-for',
  'forwarded',
  'x-real-ip',
  'cf-connecting-ip',
  'true-client-ip',
  'fly-client-ip',
  'fastly-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-azure-clientip',
  'x-envoy-external-address',
  'do-connecting-ip',
] as const;

/** Fields that every HTTP client sends for another purpose. */
const otherFields = new Set([
  'authorization',
  'connection',
  'content-length',
  'content-type',
  'cookie',
  'host',
  'origin',
  'set-cookie',
  'transfer-encoding',
  'user-agent',
]);

/** Whether this text is a field name (RFC 9110 §5.6.2) in lower case that can carry an address. */
export function canCarryAddress(name: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9a-z-]{1,64}$/.test(name) && !otherFields.has(name);
}

/** Returns how to read this header field. An unknown field has one address and nothing else. */
export function readHopsOf(header: string): ReadHops {
  if (header === 'x-forwarded-for') return listedHops;
  // One hop more than are followed shows that there are too many.
  if (header === 'forwarded') return (value) => forwardedHops(value, hopsMax + 1);
  return (value) => [value];
}
