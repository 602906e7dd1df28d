import { z } from 'zod';
import { nodeProofSchema } from '../registry/node-proof.ts';
import { nodeReportSchema } from '../registry/node-report.ts';
import { nodeIdSchema, nodeNameSchema, regionNameSchema } from '../terms/names.ts';

/** The trust levels of the registry data that decisions use, best first. */
const trustSchema = z.enum(['fresh', 'last_known', 'static', 'none']);

export const nodeStateSchema = z.enum([...nodeReportSchema.shape.status.options, 'kept']).meta({
  description:
    'The status that the node reports, or `kept`. The report of a kept node has disappeared from the registry, usually together with the reports of other nodes. The router still uses the node, with half of its capacity, until it finds that the node is down, or until `trust.keepSeconds` of the policy have passed.',
});

/** The query of `GET /admin/v1/fleet`. */
export const fleetQuerySchema = z.strictObject({
  region: regionNameSchema.optional().meta({ description: 'Return only this region.' }),
  state: nodeStateSchema.optional(),
  limit: z.coerce
    .number<string>()
    .int()
    .min(1)
    .max(1_000)
    .default(100)
    .meta({ description: 'Maximum number of nodes to return.' }),
  after: nodeNameSchema
    .optional()
    .meta({ description: 'Return only nodes whose name sorts after this name. Use `after` of the previous response.' }),
});

export type FleetQuery = z.infer<typeof fleetQuerySchema>;

const shareSchema = z.number().min(0);

const regionViewSchema = z.object({
  region: regionNameSchema,
  load: shareSchema.meta({ description: 'Estimated part of the capacity that is in use; 1 means full.' }),
  capacityMbps: z.number().min(0).meta({ description: 'Total capacity of the nodes that take calls, Mbit/s.' }),
  headroomMbps: z.number().min(0).meta({ description: 'Unused part of the capacity, Mbit/s.' }),
  nodes: z
    .object({ healthy: z.int(), draining: z.int(), unhealthy: z.int(), kept: z.int() })
    .meta({ description: 'Number of nodes in each state.' }),
  spills: z
    .array(z.object({ to: regionNameSchema, share: shareSchema.max(1) }))
    .meta({ description: 'The part of this region’s new calls, 0 to 1, that each target region takes.' }),
});

/** At most this many proofs of a node are returned. */
export const shownProofsMax = 16;

const roundTripSchema = nodeProofSchema.shape.paths.element.shape.roundTripMs;

const proofViewSchema = z.object({
  by: nodeNameSchema.meta({ description: 'The prober: region and id.' }),
  ok: z.boolean().meta({ description: 'Whether the prober reaches the node, and no path fails.' }),
  roundTripMs: roundTripSchema.meta({ description: 'The shortest round trip between prober and node, ms.' }),
  reason: z.string().optional().meta({
    description: 'The path that decides, with its reason, such as `udp 3478 timeout`. Absent if every path works.',
  }),
  ageMs: z.number().min(0).meta({ description: 'Time since this process first read the proof.' }),
});

const verdictSchema = z.object({ state: z.enum(['unproven', 'proven', 'refuted']), text: z.string() }).meta({
  description:
    'The verdict of all proofs together. `refuted`: probers do not reach the node, so it gets no calls. `proven`: probers reach the node. `unproven`: no prober says anything about it. The text has the rule that decided and the count of probers.',
});

const nodeViewSchema = z.object({
  name: nodeNameSchema,
  region: regionNameSchema,
  id: nodeIdSchema,
  state: nodeStateSchema,
  reason: z.string().optional().meta({
    description:
      'The reason why the node gets no calls, or fewer calls than its figures suggest. `vanished`: the report of the node disappeared from the registry, but the node still answers, so the router keeps it. `region_not_in_policy`: the policy lacks the region of the node. `clock_ahead` and `clock_behind`: the clock of the node is wrong by a minute or more. `secret_mismatch`: the node has other secrets than the router. `unreachable_from_outside (…)` and `recovering, was …`: probers refute the node, see `verdict`. `unmoved`: the reported figures do not change although the node gets calls. `beyond_capacity`: the reported bandwidth is over twice the capacity. For `unmoved` and `beyond_capacity`, the router assumes the region’s average load. `unproven_capacity`: the node has not carried enough calls yet for the capacity that it reports. `unproven_load`: the node reports clearly less load than its credentials brought. `leaving`: the health-reporter of the node has stopped and may start again; the router uses the node while it answers STUN. Any other value is the result of the node’s own probes.',
  }),
  ageMs: z
    .number()
    .min(0)
    .optional()
    .meta({ description: 'Time since this process received the last report of the node.' }),
  cpu: nodeReportSchema.shape.cpu,
  bandwidthMbps: nodeReportSchema.shape.bandwidth_mbps,
  capacityMbps: z
    .number()
    .min(0)
    .optional()
    .meta({ description: 'Capacity that the router assumes for the node in one direction, Mbit/s.' }),
  allocations: nodeReportSchema.shape.allocations,
  estimatedLoad: shareSchema
    .optional()
    .meta({ description: 'Estimated part of the capacity that is in use now; 1 means full.' }),
  software: nodeReportSchema.shape.software,
  secretIds: nodeReportSchema.shape.secret_ids,
  clockOffsetMs: nodeReportSchema.shape.clock_offset_ms,
  verdict: verdictSchema.optional(),
  proofs: z.array(proofViewSchema).max(shownProofsMax).meta({
    description: 'Fresh proofs of probers about the node. Proofs that refute it come first. At most 16 are returned.',
  }),
});

/** The response of `GET /admin/v1/fleet`. */
export const fleetAnswerSchema = z
  .object({
    trust: trustSchema.meta({ description: 'Trust level of the registry data that decisions use.' }),
    replicas: z
      .array(z.object({ id: z.string(), version: z.string() }))
      .meta({ description: 'The process that sent this response.' }),
    replicaCount: z
      .int()
      .min(1)
      .meta({ description: 'Number of processes that share the registry, including this one.' }),
    regions: z.array(regionViewSchema).meta({
      description:
        'First the regions of the policy, in the order of the policy. Then at most 100 other regions for which nodes have sent reports.',
    }),
    nodes: z.array(nodeViewSchema).meta({ description: 'Sorted by name.' }),
    roundTrips: z
      .array(
        z.object({
          from: regionNameSchema,
          to: regionNameSchema,
          roundTripMs: roundTripSchema
            .unwrap()
            .meta({ description: 'Median of the shortest round trip of each proof, ms.' }),
          proofs: z.int().min(1).meta({ description: 'Number of proofs.' }),
        }),
      )
      .meta({
        description:
          'The round trips from probers of one region to nodes of another or the same region. Only regions of the policy are returned.',
      }),
    after: nodeNameSchema
      .optional()
      .meta({ description: 'To get more nodes, pass this as `after`. Absent if there are no more nodes.' }),
  })
  .meta({ id: 'FleetAnswer' });

export type FleetAnswer = z.infer<typeof fleetAnswerSchema>;
export type FleetNodeView = z.infer<typeof nodeViewSchema>;
export type NodeProofView = z.infer<typeof proofViewSchema>;
export type NodeState = z.infer<typeof nodeStateSchema>;
