import { z } from 'zod';
import { nodeReportSchema, type NodeReport } from './node-report.ts';

const { shape } = nodeReportSchema;

/** The part of a report that a prober needs: where callers reach the node, and which keys it accepts. Load, software and probes are left out. */
export const publishedReportSchema = z
  .object({
    port: shape.port,
    public_ip: shape.public_ip,
    public_ipv6: shape.public_ipv6,
    hostname: shape.hostname,
    tls_port: shape.tls_port,
    transports: shape.transports,
    secret_ids: shape.secret_ids,
    secret_fingerprints: shape.secret_fingerprints,
    probes_others: shape.probes_others,
  })
  .meta({ id: 'PublishedReport' });

/** Every report is also a published report. */
export type PublishedReport = z.infer<typeof publishedReportSchema>;

/** Copies the published fields of a report. */
export function publishedReportFrom(report: NodeReport): PublishedReport {
  const { port, public_ip, public_ipv6, hostname, tls_port, transports } = report;
  const { secret_ids, secret_fingerprints, probes_others } = report;
  return {
    port,
    public_ip,
    public_ipv6,
    hostname,
    tls_port,
    transports,
    secret_ids,
    secret_fingerprints,
    probes_others,
  };
}
