/** The address of a STUN/TURN server (RFC 8489 §6.2, RFC 8656 §3.1). */
export type StunServer = {
  /** IPv4 or IPv6 address without brackets, or a name. */
  readonly host: string;
  /** 1–65535. */
  readonly port: number;
  readonly transport: 'udp' | 'tcp' | 'tls';
  /** TLS only: the name that is sent as SNI. The certificate must contain this name. Default: `host`. */
  readonly serverName?: string;
  /** TLS only: PEM certificates to trust, instead of the authorities that Node trusts. */
  readonly caCertificates?: string;
};

/** Throws a RangeError with the invalid field. Without this check, Node would connect to localhost if the host is empty. */
export function assertStunServer(server: StunServer): void {
  if (server.host === '') throw new RangeError('server.host is empty; expected an IP address or a host name');
  if (!Number.isInteger(server.port) || server.port < 1 || server.port > 65_535) {
    throw new RangeError(`server.port is ${server.port}; expected an integer from 1 to 65535`);
  }
}
