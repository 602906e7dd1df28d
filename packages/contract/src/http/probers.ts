import { z } from 'zod';
import { nodeProofSchema } from '../registry/node-proof.ts';
import { publishedReportSchema } from '../registry/published-report.ts';
import { nodeNameSchema } from '../terms/names.ts';

/** The number of nodes on one page. A usual page has 250 kB, and takes the router about two milliseconds. */
export const probeTargetsPageMax = 1_000;

/** The query of `GET /v1/nodes/{region}/{id}/probe-targets`. */
export const probeTargetsQuerySchema = z.strictObject({
  after: nodeNameSchema
    .optional()
    .meta({ description: 'Return only nodes whose name sorts after this name. Use `after` of the previous response.' }),
});

/** The response of `GET /v1/nodes/{region}/{id}/probe-targets`: one page of the nodes that a prober may have to probe. */
export const probeTargetsAnswerSchema = z
  .object({
    nodes: z
      .array(z.object({ node: nodeNameSchema, published: publishedReportSchema }))
      .max(probeTargetsPageMax)
      .meta({ description: 'Sorted by name.' }),
    after: nodeNameSchema
      .optional()
      .meta({ description: 'To get more nodes, pass this as `after`. Absent if there are no more nodes.' }),
  })
  .meta({ id: 'ProbeTargetsAnswer' });

export type ProbeTargetsAnswer = z.infer<typeof probeTargetsAnswerSchema>;

/** The number of proofs in one request. Keys of the longest names need more than one request, because a body has at most 4 KiB. */
export const proofKeysMax = 64;

/** The body of `POST /v1/nodes/{region}/{id}/read-proofs`. */
export const readProofsRequestSchema = z
  .strictObject({
    proofs: z
      .array(z.strictObject({ target: nodeNameSchema, prober: nodeNameSchema }))
      .max(proofKeysMax)
      .meta({ description: 'The proofs to read: the node that each is about, and the prober that wrote it.' }),
  })
  .meta({ id: 'ReadProofsRequest' });

/** The response of `POST /v1/nodes/{region}/{id}/read-proofs`. */
export const readProofsAnswerSchema = z
  .object({
    proofs: z
      .array(nodeProofSchema.nullable())
      .max(proofKeysMax)
      .meta({ description: 'In the order of the request. `null`: there is no such proof.' }),
  })
  .meta({ id: 'ReadProofsAnswer' });

/** The longest lifetime of a credential for probes, seconds. It tolerates clocks that differ by almost a minute. */
export const probeCredentialTtlSeconds = 60;

/** The query of `POST /v1/probe-credentials`. */
export const probeCredentialQuerySchema = z.strictObject({
  prober: nodeNameSchema.meta({
    description: 'The node that probes, `<region>/<id>`. The token must be valid for it.',
  }),
});

/** The body of `POST /v1/probe-credentials`. */
export const probeCredentialRequestSchema = z
  .strictObject({ target: nodeNameSchema.meta({ description: 'The node to probe.' }) })
  .meta({ id: 'ProbeCredentialRequest', example: { target: 'eu-central-1/node-01' } });

/** The response of `POST /v1/probe-credentials`. */
export const probeCredentialAnswerSchema = z
  .object({
    username: z.string().min(1).max(256),
    credential: z.string().min(1).max(64),
    ttlSeconds: z.int().min(1).max(probeCredentialTtlSeconds),
  })
  .meta({ id: 'ProbeCredentialAnswer' });
