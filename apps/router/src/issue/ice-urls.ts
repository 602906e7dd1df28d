import type { Transport } from '@turn-router/contract/http';
import type { NodeReport } from '@turn-router/contract/registry';
import type { RelayNode } from '@turn-router/selection';

/** Browsers gather candidates from every URL in turn. More than a few URLs delay each call. */
const urlsPerNodeMax = 4;

/** The URLs of one node. `stun` is undefined for callers that do not accept UDP, and if the node answers no Binding without credentials. */
export type NodeUrls = { readonly turn: string[]; readonly stun: string[] | undefined };

/** The properties of a node that its URLs depend on. */
type UrlNode = Pick<RelayNode, 'report' | 'transports'>;

/** Cached URLs for callers that accept any transport, as nearly all callers do. They are computed once per report. */
const urlsOfAll = new WeakMap<UrlNode, NodeUrls>();

/**
 * Returns the URLs of one node.
 *
 * @param wanted the accepted transports; undefined: all transports that the node offers
 */
export function urlsOfNode(node: UrlNode, wanted?: readonly Transport[]): NodeUrls {
  const known = wanted === undefined ? urlsOfAll.get(node) : undefined;
  if (known !== undefined) return known;
  const urls: NodeUrls = {
    turn: turnUrls(node.report, node.transports, wanted),
    stun: wanted?.includes('udp') === false || node.report.stun === false ? undefined : [stunUrl(node.report)],
  };
  if (wanted === undefined) urlsOfAll.set(node, urls);
  return urls;
}

/**
 * Returns the TURN URLs of one node, fastest first: UDP, TCP, TLS. Each transport is slower than the previous one but passes more firewalls. The
 * form of the URLs is that of RFC 7065, with IPv6 literals in brackets (RFC 3986 §3.2.2).
 *
 * @param wanted the accepted transports; undefined: all transports that the node offers
 */
export function turnUrls(report: NodeReport, offered: readonly Transport[], wanted?: readonly Transport[]): string[] {
  const usable = (transport: Transport) => offered.includes(transport) && wanted?.includes(transport) !== false;
  const hosts = dialledHosts(report);
  const urls = [
    ...(usable('udp') ? hosts.map((host) => `turn:${host}:${report.port}?transport=udp`) : []),
    ...(usable('tcp') ? hosts.slice(0, 1).map((host) => `turn:${host}:${report.port}?transport=tcp`) : []),
    ...(usable('tls') ? [`turns:${report.hostname}:${report.tls_port}?transport=tcp`] : []),
  ];
  return urls.slice(0, urlsPerNodeMax);
}

/** Returns the node's own STUN URL (RFC 7064). So no third party can notice the call. */
export function stunUrl(report: NodeReport): string {
  return `stun:${dialledHosts(report)[0]}:${report.port}`;
}

/** Returns addresses rather than the host name, because this saves a DNS lookup before the call connects. */
function dialledHosts({ public_ip, public_ipv6, hostname }: NodeReport): string[] {
  const addresses = [public_ip, public_ipv6 === undefined ? undefined : `[${public_ipv6}]`];
  const known = addresses.filter((host) => host !== undefined);
  return known.length > 0 ? known : [hostname ?? ''];
}
