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

/** The settings of the probes. Absent fields default to PROBE_… and REPORT_INTERVAL_SECONDS in the environment. */
const healthCheckFields = {
  /** The interval between two probes and reports of a node. The TTL of a report is at least three intervals, and at most 300 s. */
  intervalSeconds: z.number().min(0.1).max(100).optional(),
  /** The timeout of a probe. */
  timeoutSeconds: z.number().min(0.05).max(60).optional(),
  /** The number of probes in a row that prove, or disprove, a transport. */
  successThreshold: timesSchema.optional(),
  failureThreshold: timesSchema.optional(),
  /** The realm that the TURN server must have. */
  realm: z.string().min(1).max(127).optional(),
  /** The kind of full proof, and the interval between two full proofs. See PROBE_PROOF and PROBE_PROOF_INTERVAL_SECONDS. */
  proof: z.enum(['relay', 'allocation']).optional(),
  proofIntervalSeconds: z.number().min(0).max(3_600).optional(),
};

const nodeSchema = knownFields({
  id: nodeIdSchema,
  /** Default: the environment's REGION. */
  region: regionNameSchema.optional(),
  zone,
  /** The address at which the node is probed, and its name in Prometheus. */
  privateAddress: addressSchema,
  /** The address of IPv6 probes. It is needed if both `publicIp` and `publicIpv6` are set. */
  privateIpv6: public_ipv6,
  publicIp: public_ip,
  publicIpv6: public_ipv6,
  hostname,
  /** The port of TURN over UDP and TCP. Default: `healthCheck.port`. */
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
    message: 'Missing: expected the name in the certificate, because tlsPort is set',
  });

/**
 * The schema of FLEET_FILE: the nodes that one process watches. The file of the older coturn load balancer is also valid. It has some of these
 * fields, and the fields `turn`, `webApi` and `logLevel`. find-fleet-file-faults.ts checks conflicts between fields.
 */
export const fleetFileSchema = knownFields({
  nodes: z.array(nodeSchema).min(1).optional(),
  /** The nodes in the format of the older load balancer: public address or host name → the address that is probed. */
  turn: knownFields({ addressMapping: z.record(z.string(), addressSchema) }).optional(),
  healthCheck: knownFields({ ...healthCheckFields, port: port.default(3478) }).prefault({}),
  loadBalancer: loadBalancerSchema.default({ algorithm: 'random' }),
  /** The listener and the log level of the older load balancer. The watch ignores these fields. */
  webApi: z.unknown().optional(),
  logLevel: z.unknown().optional(),
});

export type FleetFile = z.output<typeof fleetFileSchema>;

/** One node of the fleet file. */
export type FleetFileNode = z.output<typeof nodeSchema>;
