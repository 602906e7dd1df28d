import { z } from 'zod';
import { transportSchema } from '../terms/transport.ts';
import { parseValue, type ValueFault } from './parse-value.ts';

/** Maximum size of a report, bytes of UTF-8 JSON. */
export const nodeReportMaxBytes = 4096;

const hostnamePattern =
  /^(?=.{1,253}$)([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z][a-zA-Z0-9-]{0,61}[a-zA-Z0-9]$/;

/** The form of a zone. It allows more characters than region and node names, because cloud providers use names such as `eu-central-1a`, `1` and `Uocm:PHX-AD-1`. */
const zonePattern = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,62}$/;
const zoneExpected = 'expected 1–63 characters of letters, digits, ".", "_", ":" and "-", the first a letter or digit';

const portSchema = z.int().min(1).max(65_535);
const countSchema = z.int().min(0);

/** Bounds of figures, far beyond real nodes. With them, no sum, product or quotient of figures overflows. */
const mbpsMax = 1e9;
const capacityMinMbps = 0.001;
/** More allocations than the ports of a hundred addresses. */
const allocationsMax = 10_000_000;
const weightMin = 1e-6;
const weightMax = 1e6;

/** The longest time that a record of a leaving node is kept, seconds. It is also the longest TTL of a record. */
export const leavingMaxSeconds = 300;

const shortTextSchema = z.string().max(256);

/** A hundred years, ms. A clock that lost its power shows 1970, which is nearer. */
const clockOffsetMaxMs = 100 * 365.25 * 86_400_000;

/**
 * A node whose clock is ahead or behind by this much or more gets no calls, ms. It equals the shortest TTL of a credential. A node that is ahead
 * by this much refuses such a credential at once.
 */
export const wrongClockMs = 60_000;

/** Maximum number of keys that a report names. */
const keysMax = 16;

/**
 * The report of a health-reporter about its node. The value of `turn:node:<region>:<id>` is one whole report as JSON.
 * Unknown fields are ignored. So an older router accepts reports of a newer reporter.
 */
export const nodeReportSchema = z
  .object({
    status: z
      .enum(['healthy', 'unhealthy', 'draining'])
      .meta({ description: 'Only nodes with the status `healthy` get new calls.' }),
    cpu: z.number().min(0).max(100).meta({ description: 'CPU use, in percent of the CPU time that the node may use.' }),
    bandwidth_mbps: z.number().min(0).max(mbpsMax).meta({
      description:
        'Current traffic of the network interfaces in Mbit/s: received or sent traffic, whichever is larger.',
    }),
    port: portSchema.meta({ description: 'Port for TURN over UDP and TCP.' }),
    public_ip: z.ipv4().optional().meta({ format: 'ipv4', description: 'IPv4 address that clients connect to.' }),
    public_ipv6: z.ipv6().optional().meta({ format: 'ipv6', description: 'IPv6 address that clients connect to.' }),
    hostname: z
      .string()
      .regex(hostnamePattern, 'Invalid hostname: expected a fully qualified domain name')
      .optional()
      .meta({ description: 'Host name that clients connect to. TLS requires it.' }),
    bandwidth_capacity_mbps: z.number().min(capacityMinMbps).max(mbpsMax).optional().meta({
      description: 'Bandwidth that the node can carry in one direction, Mbit/s. Default: the value in the policy.',
    }),
    tls_port: portSchema.optional().meta({ description: 'Port for TURN over TLS (`turns:`).' }),
    transports: z
      .array(transportSchema)
      .min(1)
      .max(3)
      .optional()
      .meta({ description: 'Transports that a probe has proven. Default: udp and tcp.' }),
    stun: z.boolean().optional().meta({
      description:
        'Whether the node answers STUN Binding requests without credentials on `port`. If false, clients get no `stun:` URL of this node. Default: true.',
    }),
    allocations: countSchema
      .max(allocationsMax)
      .optional()
      .meta({ description: 'Number of allocations that exist now.' }),
    allocations_capacity: countSchema.optional().meta({ description: 'Maximum number of allocations.' }),
    allocations_started: countSchema.optional().meta({
      description:
        'Number of allocations started since the reporter started, without those that ended within seconds. It is 0 again with a new `boot_id`.',
    }),
    zone: z.string().regex(zonePattern, `Invalid zone: ${zoneExpected}`).optional().meta({
      description:
        'Failure domain of the node, such as its availability zone. If a response has several nodes, they are in different zones.',
    }),
    weight: z
      .number()
      .min(weightMin)
      .max(weightMax)
      .optional()
      .meta({ description: 'Relative capacity of the node, used if the capacity is unknown. Default: 1.' }),
    boot_id: shortTextSchema
      .optional()
      .meta({ description: 'Id of one run of the reporter. It changes when the reporter restarts.' }),
    seq: countSchema
      .optional()
      .meta({ description: 'Number of the report. It increases with each report that has the same `boot_id`.' }),
    secret_ids: z
      .array(shortTextSchema)
      .max(keysMax)
      .optional()
      .meta({ description: 'Ids of the signing keys that the node accepts, as shown by a probe.' }),
    secret_fingerprints: z
      .record(
        shortTextSchema,
        z.string().regex(/^[A-Za-z0-9_-]{16}$/, 'Invalid fingerprint: expected 16 base64url characters'),
      )
      .refine(
        (fingerprints) => Object.keys(fingerprints).length <= keysMax,
        `Too big: expected at most ${keysMax} entries`,
      )
      .optional()
      .meta({
        description:
          'Fingerprint of the secret behind each id of `secret_ids`: 96 bits of HMAC-SHA256, as base64url. A router does not sign with a secret that has another fingerprint.',
      }),
    reported_at: z.iso.datetime({ offset: true }).optional().meta({
      description: 'Time of the report by the clock of the reporter. It is only displayed, and not used for decisions.',
    }),
    software: shortTextSchema
      .optional()
      .meta({ description: 'Name and version that the TURN server sends (STUN attribute SOFTWARE).' }),
    load: z.record(z.string(), z.unknown()).optional().meta({
      description:
        'Details of the load, for operators. `cpu_pressure_percent` is the part of the time in which a task waited for a CPU. `drops_per_second` counts packets that the interfaces dropped. `open_files` and `open_files_limit` are the file descriptors of the TURN server and their limit.',
    }),
    probe: z
      .record(z.string(), z.unknown())
      .optional()
      .meta({ description: 'Results of the last probes, for operators.' }),
    leaving_seconds: z.number().min(0).max(leavingMaxSeconds).optional().meta({
      description:
        'The reporter has stopped, and may start again within this time, in seconds. Until then routers ask the node by STUN. They keep a node that answers, and drop a node that does not answer.',
    }),
    probes_others: z.boolean().optional().meta({
      description: 'Whether the reporter also probes other nodes and publishes proofs about them. Default: false.',
    }),
    clock_offset_ms: z.number().min(-clockOffsetMaxMs).max(clockOffsetMaxMs).optional().meta({
      description:
        'Clock of the node minus clock of the registry, in milliseconds. A node whose clock is wrong by a minute or more gets no calls. If the field is absent, the clock counts as right.',
    }),
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

/** The reason why a record in the registry is not a valid report. The set is closed. The reason is used as a metric label. */
export type NodeReportFault = ValueFault;

export type ParsedNodeReport =
  | { readonly ok: true; readonly report: NodeReport }
  | ({ readonly ok: false } & NodeReportFault);

/** Parses the value of one `turn:node:…` key from an untrusted writer. Never throws. */
export function parseNodeReport(text: string): ParsedNodeReport {
  const parsed = parseValue(text, nodeReportSchema, nodeReportMaxBytes);
  return parsed.ok ? { ok: true, report: parsed.value } : parsed;
}
