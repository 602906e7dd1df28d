import { z } from 'zod';
import { faultsFromZodError, type FieldFault } from '../terms/field-fault.ts';
import { transportSchema } from '../terms/transport.ts';

/** The largest report that is read, bytes of UTF-8 JSON. */
export const nodeReportMaxBytes = 4096;

const hostnamePattern =
  /^(?=.{1,253}$)([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z][a-zA-Z0-9-]{0,61}[a-zA-Z0-9]$/;

/** Wider than the names that are part of a key: clouds write `eu-central-1a`, `1` and `Uocm:PHX-AD-1`. */
const zonePattern = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,62}$/;
const zoneExpected = 'expected 1–63 characters of letters, digits, ".", "_", ":" and "-", the first a letter or digit';

const portSchema = z.int().min(1).max(65_535);
const countSchema = z.int().min(0);
const shortTextSchema = z.string().max(256);

/**
 * What a health-reporter says of its TURN node; the value of `turn:node:<region>:<id>`, written whole each time.
 * Unknown fields are ignored, so that an older router reads a newer reporter.
 */
export const nodeReportSchema = z
  .object({
    status: z.enum(['healthy', 'unhealthy', 'draining']).meta({ description: 'Only `healthy` gets new calls.' }),
    cpu: z.number().min(0).max(100).meta({ description: 'Percent of the CPU that the node may use.' }),
    bandwidth_mbps: z.number().min(0).meta({ description: 'Live Mbit/s of the interface, the larger of in and out.' }),
    port: portSchema.meta({ description: 'TURN over UDP and TCP.' }),
    public_ip: z.ipv4().optional().meta({ format: 'ipv4', description: 'IPv4 address that clients dial.' }),
    public_ipv6: z.ipv6().optional().meta({ format: 'ipv6', description: 'IPv6 address that clients dial.' }),
    hostname: z
      .string()
      .regex(hostnamePattern, 'Invalid hostname: expected a fully qualified domain name')
      .optional()
      .meta({ description: 'Name that clients dial; needed for TLS.' }),
    bandwidth_capacity_mbps: z
      .number()
      .positive()
      .optional()
      .meta({ description: 'Mbit/s that the node can carry in one direction; default from the policy.' }),
    tls_port: portSchema.optional().meta({ description: '`turns:` over TCP.' }),
    transports: z
      .array(transportSchema)
      .min(1)
      .max(3)
      .optional()
      .meta({ description: 'Transports proven by a probe; default udp and tcp.' }),
    allocations: countSchema.optional().meta({ description: 'Live relay allocations.' }),
    allocations_capacity: countSchema.optional().meta({ description: 'Allocations that the node can hold.' }),
    allocations_started: countSchema
      .optional()
      .meta({ description: 'Relay allocations begun since `boot_id` began; starts anew with it.' }),
    zone: z.string().regex(zonePattern, `Invalid zone: ${zoneExpected}`).optional().meta({
      description:
        'What fails together with the node, such as its availability zone. Nodes of one answer come from different zones.',
    }),
    weight: z
      .number()
      .positive()
      .optional()
      .meta({ description: 'Relative capacity where the capacity is unknown; default 1.' }),
    boot_id: shortTextSchema.optional().meta({ description: 'Changes when the reporter starts anew.' }),
    seq: countSchema.optional().meta({ description: 'Grows with each report of one `boot_id`.' }),
    secret_ids: z
      .array(shortTextSchema)
      .max(16)
      .optional()
      .meta({ description: 'Ids of the signing keys that the node has proven to accept.' }),
    reported_at: z.iso.datetime({ offset: true }).optional().meta({ description: 'Shown to people, never compared.' }),
    software: shortTextSchema.optional().meta({ description: 'What the TURN server calls itself.' }),
    load: z.record(z.string(), z.unknown()).optional().meta({
      description:
        'What explains the load, for people: `cpu_pressure_percent` of the time in which something waited for a CPU, `drops_per_second`, packets that the interfaces dropped, `open_files` and `open_files_limit` of the TURN server.',
    }),
    probe: z.record(z.string(), z.unknown()).optional().meta({ description: 'Last probe, for people.' }),
    clock_offset_ms: z.number().optional().meta({ description: 'How far the node’s clock is ahead, for people.' }),
  })
  .refine((report) => (report.public_ip ?? report.public_ipv6 ?? report.hostname) !== undefined, {
    path: ['public_ip'],
    message: 'Missing address: expected at least one of public_ip, public_ipv6 and hostname',
  })
  .meta({
    id: 'NodeReport',
    example: { status: 'healthy', cpu: 20, bandwidth_mbps: 150, public_ip: '192.0.2.50', port: 3478 },
  });

export type NodeReport = z.infer<typeof nodeReportSchema>;

/** Why a record of the registry is not a report: a closed set, used as a metric's label. */
export type NodeReportFault = {
  readonly reason: 'too_large' | 'not_json' | 'invalid';
  readonly faults: readonly FieldFault[];
};

export type ParsedNodeReport =
  { readonly ok: true; readonly report: NodeReport } | ({ readonly ok: false } & NodeReportFault);

/** Reads the value of one `turn:node:…` key, which anybody may have written. Never throws. */
export function parseNodeReport(text: string): ParsedNodeReport {
  // A UTF-16 unit is at least one byte of UTF-8, so a long text need not be encoded to be refused.
  if (text.length > nodeReportMaxBytes || new TextEncoder().encode(text).length > nodeReportMaxBytes) {
    return refused('too_large', { field: '', detail: `Too long: expected at most ${nodeReportMaxBytes} bytes` });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused('not_json', { field: '', detail: 'Invalid JSON: expected one JSON object' });
  }
  const parsed = nodeReportSchema.safeParse(value);
  return parsed.success ? { ok: true, report: parsed.data } : refused('invalid', ...faultsFromZodError(parsed.error));
}

function refused(reason: NodeReportFault['reason'], ...faults: FieldFault[]): ParsedNodeReport {
  return { ok: false, reason, faults };
}
