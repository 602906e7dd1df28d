import { freePort, makeCertificate, startCoturn, type CoturnServer } from '@turn-router/testing';
import type { StunServer } from '../src/index.ts';
import { testSecret } from './turn-rest-credentials.ts';

export type CoturnOnAllPaths = {
  readonly coturn: CoturnServer;
  /** The same server over each transport and address family, by names such as `tls to ::1`. */
  readonly servers: Readonly<Record<string, StunServer>>;
};

/** Settings for relays of both address families. */
const bothFamilies = ['listening-ip=::1', 'relay-ip=::1'];

/** @param directory for the certificate */
export async function startCoturnOnAllPaths(directory: string): Promise<CoturnOnAllPaths> {
  const { certificate, ...files } = await makeCertificate(directory, 'turn.test');
  const tls = { port: await freePort(), ...files };
  const coturn = await startCoturn({ secrets: [testSecret], tls, config: bothFamilies });
  const { port } = coturn;
  const trust = { serverName: 'turn.test', caCertificates: certificate };
  const over = (host: string): Record<string, StunServer> => ({
    [`udp to ${host}`]: { host, port, transport: 'udp' },
    [`tcp to ${host}`]: { host, port, transport: 'tcp' },
    [`tls to ${host}`]: { host, port: tls.port, transport: 'tls', ...trust },
  });
  return { coturn, servers: { ...over('127.0.0.1'), ...over('::1') } };
}
