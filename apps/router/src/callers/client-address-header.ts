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

/** Fields that HTTP, clients and proxies use for another purpose. */
const otherFields = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'authorization',
  'cache-control',
  'connection',
  'content-length',
  'content-type',
  'cookie',
  'date',
  'expect',
  'forwarded-for',
  'host',
  'keep-alive',
  'origin',
  'proxy-authorization',
  'proxy-connection',
  'range',
  'referer',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'via',
  'x-forwarded',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-proto',
  'x-forwarded-server',
  'x-request-id',
]);

/** Fields with a certificate, such as `x-client-cert` and `x-forwarded-tls-client-cert`. */
const certificateField = /(?:^|-)cert(?:-chain|ificate)?$/;

/** Whether this text is a field name (RFC 9110 §5.6.2) in lower case that can carry an address. Unknown names can. */
export function canCarryAddress(name: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9a-z-]{1,64}$/.test(name) && !otherFields.has(name) && !certificateField.test(name);
}

/** Returns how to read this header field. An unknown field has one address and nothing else. */
export function readHopsOf(header: string): ReadHops {
  if (header === 'x-forwarded-for') return listedHops;
  // One hop more than are followed shows that there are too many.
  if (header === 'forwarded') return (value) => forwardedHops(value, hopsMax + 1);
  return (value) => [value];
}
