import { z } from 'zod';
import { nodeIdSchema } from './names.ts';
import { nodeReportSchema } from './node-report.ts';

const { port, public_ip, public_ipv6, hostname, tls_port, transports, bandwidth_capacity_mbps, zone } =
  nodeReportSchema.shape;

/** A TURN node that the policy names itself, for when the registry gives none: nobody reports on it, so it is taken to be idle. */
export const staticNodeSchema = z
  .strictObject({
    id: nodeIdSchema,
    publicIp: public_ip,
    publicIpv6: public_ipv6,
    hostname,
    port: port.default(3478),
    tlsPort: tls_port,
    transports,
    bandwidthCapacityMbps: bandwidth_capacity_mbps,
    zone,
  })
  .refine((node) => (node.publicIp ?? node.publicIpv6 ?? node.hostname) !== undefined, {
    path: ['publicIp'],
    message: 'Missing address: expected at least one of publicIp, publicIpv6 and hostname',
  });

export type StaticNode = z.output<typeof staticNodeSchema>;
