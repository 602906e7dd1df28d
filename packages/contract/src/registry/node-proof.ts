import { z } from 'zod';
import { nodeKeyFromNames, type NodeKey } from '../terms/names.ts';
import { transportSchema } from '../terms/transport.ts';
import { parseValue, type ValueFault } from './parse-value.ts';
import { proofReasons } from './proof-reasons.ts';

const redisKeyPrefix = 'turn:proof:';

/** Matches the Redis key of every proof (`SCAN … MATCH`). */
export const nodeProofGlob = `${redisKeyPrefix}*`;

/** Maximum size of a proof, bytes of UTF-8 JSON. */
export const nodeProofMaxBytes = 2048;

/** Life of a proof in the registry unless the prober writes it again, ms. It spans three rounds of probes. */
export const nodeProofTtlMs = 90_000;

/** Time from one probe of a node to the next probe by the same prober, ms. */
export const nodeProofRoundMs = 30_000;

/** Three transports, two address families, and a second port for some. More paths do not fit into `nodeProofMaxBytes`. */
const pathsMax = 16;

const roundTripMaxMs = 60_000;

/** The result of one path to a node: one transport, one address family and one port of what its record publishes for callers. */
const proofPathSchema = z
  .object({
    transport: transportSchema,
    family: z.enum(['ipv4', 'ipv6']),
    port: z.int().min(1).max(65_535),
    ok: z.boolean().meta({ description: 'Whether a caller can use the path.' }),
    reason: z
      .enum(proofReasons)
      .optional()
      .meta({ description: 'Why the path failed. For a path that works: a remark.' }),
    roundTripMs: z
      .number()
      .min(0)
      .max(roundTripMaxMs)
      .optional()
      .meta({ description: 'Time of one request and its response between prober and node, ms.' }),
  })
  .refine(({ ok, reason }) => ok || reason !== undefined, {
    path: ['reason'],
    message: 'Missing reason: expected a reason for a path that is not ok',
  });

export type ProofPath = z.infer<typeof proofPathSchema>;

/**
 * What one prober saw of one node. The value of `turn:proof:<region>:<id>:<prober region>:<prober id>` is one whole proof as JSON. It never
 * contains a secret. Unknown fields are ignored.
 */
export const nodeProofSchema = z.object({
  paths: z
    .array(proofPathSchema)
    .max(pathsMax)
    .refine((paths) => new Set(paths.map(proofPathName)).size === paths.length, {
      message: 'Repeated path: expected each transport, family and port once',
    }),
  at: z
    .int()
    .min(0)
    .meta({ description: 'Number of the probe. It differs from the number of the previous probe. It is not a time.' }),
});

export type NodeProof = z.infer<typeof nodeProofSchema>;

/** The node that a proof is about, and the prober that wrote it. A fleet watch is a prober too; its id is its `WATCH_ID`. */
export type NodeProofKey = { readonly target: NodeKey; readonly prober: NodeKey };

/** A proof as the registry has it. */
export type StoredProof = NodeProofKey & { readonly proof: NodeProof };

/** The reason why a value in the registry is not a valid proof. The set is closed. The reason is used as a metric label. */
export type NodeProofFault = ValueFault;

export type ParsedNodeProof =
  | { readonly ok: true; readonly proof: NodeProof }
  | ({ readonly ok: false } & NodeProofFault);

/** Returns `turn:proof:<region>:<id>:<prober region>:<prober id>`. */
export function nodeProofKey(target: NodeKey, prober: NodeKey): string {
  return `${redisKeyPrefix}${target.region}:${target.id}:${prober.region}:${prober.id}`;
}

/** Matches the Redis keys of the proofs by one prober. Its names contain no special character of globs. */
export function nodeProofGlobOf(prober: NodeKey): string {
  return `${redisKeyPrefix}*:*:${prober.region}:${prober.id}`;
}

/** Parses the key of a proof. Returns undefined if the format or a name is invalid. */
export function parseNodeProofKey(redisKey: string): NodeProofKey | undefined {
  if (!redisKey.startsWith(redisKeyPrefix)) return undefined;
  const names = redisKey.slice(redisKeyPrefix.length).split(':');
  const target = nodeKeyFromNames(names.slice(0, 2));
  const prober = nodeKeyFromNames(names.slice(2));
  return target === undefined || prober === undefined ? undefined : { target, prober };
}

/** Returns the name of a path for people, such as `udp 3478` or `udp 3478 ipv6`. */
export function proofPathName({ transport, family, port }: Pick<ProofPath, 'transport' | 'family' | 'port'>): string {
  return family === 'ipv4' ? `${transport} ${port}` : `${transport} ${port} ${family}`;
}

/** Parses the value of one `turn:proof:…` key from an untrusted writer. Never throws. */
export function parseNodeProof(text: string): ParsedNodeProof {
  const parsed = parseValue(text, nodeProofSchema, nodeProofMaxBytes);
  return parsed.ok ? { ok: true, proof: parsed.value } : parsed;
}
