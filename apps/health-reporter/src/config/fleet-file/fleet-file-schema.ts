import { nodeIdSchema, nodeReportSchema, regionNameSchema } from '@turn-router/contract/registry';
import { z } from 'zod';
import { knownFields } from './known-fields.ts';
import { loadBalancerSchema } from './load-balancer-schema.ts';

const { port, public_ip, public_ipv6, hostname, tls_port, bandwidth_capacity_mbps, zone } = nodeReportSchema.shape;

const addressSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9._:-]{1,253}$/,
    'Invalid address: expected an IP address without brackets or port, or a host name',
  );

const timesSchema = z.int().min(1).max(100);

/** How nodes are probed. What is not said is as the environment's PROBE_… and REPORT_INTERVAL_SECONDS say. */
const healthCheckFields = {
  /** Between two probes, and reports, of a node; a report lives at least three intervals, and at most 300 s. */
  intervalSeconds: z.number().min(0.1).max(100).optional(),
  /** How long a probe may take. */
  timeoutSeconds: z.number().min(0.05).max(60).optional(),
  /** Probes in a row that prove, and disprove, a transport. */
  successThreshold: timesSchema.optional(),
  failureThreshold: timesSchema.optional(),
  /** The realm that the TURN server must have. */
  realm: z.string().min(1).max(127).optional(),
  /** What proves a transport, and how long a proof is enough; as PROBE_PROOF… say. */
  proof: z.enum(['relay', 'allocation']).optional(),
  proofIntervalSeconds: z.number().min(0).max(3_600).optional(),
};

const nodeSchema = knownFields({
  id: nodeIdSchema,
  /** Default: the environment's REGION. */
  region: regionNameSchema.optional(),
  zone,
  /** Where the node is probed, and how Prometheus names it. */
  privateAddress: addressSchema,
  /** Where it is probed over IPv6, where both `publicIp` and `publicIpv6` are published. */
  privateIpv6: public_ipv6,
  publicIp: public_ip,
  publicIpv6: public_ipv6,
  hostname,
  /** TURN over UDP and TCP; default `healthCheck.port`. */
  port: port.optional(),
  tlsPort: tls_port,
  bandwidthCapacityMbps: bandwidth_capacity_mbps,
  healthCheck: knownFields(healthCheckFields).optional(),
})
  .refine((node) => (node.publicIp ?? node.publicIpv6 ?? node.hostname) !== undefined, {
    path: ['publicIp'],
    message: 'Missing address: expected at least one of publicIp, publicIpv6 and hostname',
  })
  .refine((node) => node.tlsPort === undefined || node.hostname !== undefined, {
    path: ['hostname'],
    message: 'Missing: expected the name in the certificate, as tlsPort is set',
  });

/**
 * FLEET_FILE: the nodes that one process watches. The older coturn load balancer's file has a part of these keys, and `turn`, `webApi`
 * and `logLevel` for its own. What fields must keep among themselves is in find-fleet-file-faults.ts.
 */
export const fleetFileSchema = knownFields({
  nodes: z.array(nodeSchema).min(1).optional(),
  /** In the older balancer's way: public address or name → the address that is probed. */
  turn: knownFields({ addressMapping: z.record(z.string(), addressSchema) }).optional(),
  healthCheck: knownFields({ ...healthCheckFields, port: port.default(3478) }).prefault({}),
  loadBalancer: loadBalancerSchema.default({ algorithm: 'random' }),
  /** Of the older balancer, for itself alone: where it listened, and what it logged. */
  webApi: z.unknown().optional(),
  logLevel: z.unknown().optional(),
});

export type FleetFile = z.output<typeof fleetFileSchema>;

/** One of its nodes. */
export type FleetFileNode = z.output<typeof nodeSchema>;
