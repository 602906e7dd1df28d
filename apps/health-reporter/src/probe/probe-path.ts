import { transportSchema, type Transport } from '@turn-router/contract/http';
import type { AddressFamily, StunServer } from '@turn-router/stun';
import type { ProbeTarget } from './probe-target.ts';

/** The name of a path to a TURN server in reports: the transport, with the suffix `6` for IPv6. */
export type ProbePath = Transport | `${Transport}6`;

/** A path and the server at its end. */
export type PathToServer = { readonly path: ProbePath; readonly server: StunServer };

const partsOf: Readonly<Record<ProbePath, { transport: Transport; family: AddressFamily }>> = {
  udp: { transport: 'udp', family: 'IPv4' },
  tcp: { transport: 'tcp', family: 'IPv4' },
  tls: { transport: 'tls', family: 'IPv4' },
  udp6: { transport: 'udp', family: 'IPv6' },
  tcp6: { transport: 'tcp', family: 'IPv6' },
  tls6: { transport: 'tls', family: 'IPv6' },
};

export function pathParts(path: ProbePath): { transport: Transport; family: AddressFamily } {
  return partsOf[path];
}

/** Returns the paths to the target, in the order of the report. */
export function pathsTo({ hosts, ports, serverName }: ProbeTarget): PathToServer[] {
  const pathsOver = (host: string | undefined, suffix: '' | '6') =>
    transportSchema.options.flatMap((transport): PathToServer[] => {
      const port = ports[transport];
      if (host === undefined || port === undefined) return [];
      const server = { host, port, transport, ...(serverName !== undefined && { serverName }) };
      return [{ path: `${transport}${suffix}`, server }];
    });
  return [...pathsOver(hosts.IPv4, ''), ...pathsOver(hosts.IPv6, '6')];
}
