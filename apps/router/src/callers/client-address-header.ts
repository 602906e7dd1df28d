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

/** Fields that HTTP, clients, proxies and this API use for another purpose. */
const otherFields = new Set([
  'age',
  'alt-used',
  'apikey',
  'authorization',
  'b3',
  'baggage',
  'cache-control',
  'cdn-loop',
  'connection',
  'cookie',
  'date',
  'dnt',
  'dpop',
  'early-data',
  'etag',
  'expect',
  'forwarded-for',
  'from',
  'host',
  'http2-settings',
  'keep-alive',
  'last-event-id',
  'last-modified',
  'link',
  'location',
  'max-forwards',
  'origin',
  'pragma',
  'prefer',
  'priority',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'proxy-status',
  'purpose',
  'range',
  'ratelimit',
  'ratelimit-policy',
  'referer',
  'retry-after',
  'save-data',
  'server',
  'set-cookie',
  'signature',
  'signature-input',
  'te',
  'traceparent',
  'tracestate',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'upgrade-insecure-requests',
  'user-agent',
  'vary',
  'via',
  'warning',
  'www-authenticate',
  'x-cloud-trace-context',
  'x-csrf-token',
  'x-forwarded',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-proto',
  'x-forwarded-scheme',
  'x-forwarded-server',
  'x-forwarded-ssl',
  'x-http-method-override',
  'x-requested-with',
]);

/** Families of fields: content negotiation, CORS, conditions, fetch metadata, tracing. None of them has an address. */
const otherFamily = /^(?:accept|access-control|content|idempotency|if|sec|x-b3|x-datadog|x-ot)(?:-|$)/;

/** The last words of fields with a place, a token, a key, an id or a certificate, such as `cf-ipcountry` and `x-forwarded-tls-client-cert`. */
const otherEnding =
  /(?:^|-)(?:cert(?:-chain|ificate)?|(?:ip)?country(?:-code)?|(?:ip)?city|(?:ip)?continent|region|postal-code|latitude|longitude|timezone|token|secret|signature|jwt|assertion|key|id|ray|proto|protocol|scheme|method|url|uri|path)$/;

/** Whether this text is a field name (RFC 9110 §5.6.2) in lower case that can carry an address. Unknown names can. */
export function canCarryAddress(name: string): boolean {
  return (
    /^[!#$%&'*+.^_`|~0-9a-z-]{1,64}$/.test(name) &&
    !otherFields.has(name) &&
    !otherFamily.test(name) &&
    !otherEnding.test(name)
  );
}

/** Returns how to read this header field. An unknown field has one address and nothing else. */
export function readHopsOf(header: string): ReadHops {
  if (header === 'x-forwarded-for') return listedHops;
  // One hop more than are followed shows that there are too many.
  if (header === 'forwarded') return (value) => forwardedHops(value, hopsMax + 1);
  return (value) => [value];
}
