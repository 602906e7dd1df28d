import type { Transport } from '@turn-router/contract/http';
import type { NodeReport } from '@turn-router/contract/registry';
import type { RelayNode } from '@turn-router/selection';

/** Browsers gather from every URL in turn; more than a few slow each call down. */
const urlsPerNodeMax = 4;

/** The URLs of one node. `stun` goes over UDP: callers who want no UDP have no use for it. */
export type NodeUrls = { readonly turn: string[]; readonly stun: string[] | undefined };

/** What is asked of a node to write its URLs. */
type ReachedNode = Pick<RelayNode, 'report' | 'transports'>;

/** What callers get who want any transport: nearly all. Made once for each report. */
const urlsOfAll = new WeakMap<ReachedNode, NodeUrls>();

/** @param wanted only these transports; all that the node offers when undefined */
export function urlsOfNode(node: ReachedNode, wanted?: readonly Transport[]): NodeUrls {
  const known = wanted === undefined ? urlsOfAll.get(node) : undefined;
  if (known !== undefined) return known;
  const urls: NodeUrls = {
    turn: turnUrls(node.report, node.transports, wanted),
    stun: wanted?.includes('udp') === false ? undefined : [stunUrl(node.report)],
  };
  if (wanted === undefined) urlsOfAll.set(node, urls);
  return urls;
}

/**
 * The URLs of one node, best first (RFC 7065; IPv6 literals in brackets, RFC 3986 §3.2.2): UDP before TCP before TLS, as each one is
 * slower than the one before and passes more firewalls.
 *
 * @param wanted only these transports; all that the node offers when undefined
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

/** RFC 7064; the node's own STUN service, so that nobody else learns of the call. */
export function stunUrl(report: NodeReport): string {
  return `stun:${dialledHosts(report)[0]}:${report.port}`;
}

/** Addresses rather than the name, where there are any: one lookup less before the call connects. */
function dialledHosts({ public_ip, public_ipv6, hostname }: NodeReport): string[] {
  const addresses = [public_ip, public_ipv6 === undefined ? undefined : `[${public_ipv6}]`];
  const known = addresses.filter((host) => host !== undefined);
  return known.length > 0 ? known : [hostname ?? ''];
}
