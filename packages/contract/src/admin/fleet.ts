import { z } from 'zod';
import { nodeReportSchema } from '../registry/node-report.ts';
import { nodeIdSchema, nodeNameSchema, regionNameSchema } from '../terms/names.ts';

/** What answers of the router stand on, from the best to the worst. */
const trustSchema = z.enum(['fresh', 'last_known', 'static', 'none']);

export const nodeStateSchema = z.enum([...nodeReportSchema.shape.status.options, 'kept']).meta({
  description:
    'As the node reports itself, or `kept`: it vanished from the registry together with others, and serves at half weight until it is known to be gone.',
});

/** The query of `GET /admin/v1/fleet`. */
export const fleetQuerySchema = z.strictObject({
  region: regionNameSchema.optional().meta({ description: 'Only this region.' }),
  state: nodeStateSchema.optional(),
  limit: z.coerce
    .number<string>()
    .int()
    .min(1)
    .max(1_000)
    .default(100)
    .meta({ description: 'At most this many nodes.' }),
  after: nodeNameSchema
    .optional()
    .meta({ description: 'Only nodes behind this one, by name: the `after` of the answer before.' }),
});

export type FleetQuery = z.infer<typeof fleetQuerySchema>;

const shareSchema = z.number().min(0);

const regionViewSchema = z.object({
  region: regionNameSchema,
  load: shareSchema.meta({ description: 'Estimated part of the capacity in use: 1 is full.' }),
  capacityMbps: z.number().min(0).meta({ description: 'Of the nodes that take calls, Mbit/s.' }),
  headroomMbps: z.number().min(0).meta({ description: 'What of it is not in use.' }),
  nodes: z
    .object({ healthy: z.int(), draining: z.int(), unhealthy: z.int(), kept: z.int() })
    .meta({ description: 'How many nodes are in each state.' }),
  spills: z
    .array(z.object({ to: regionNameSchema, share: shareSchema.max(1) }))
    .meta({ description: 'Part of the new calls of this region that goes to another one.' }),
});

const nodeViewSchema = z.object({
  name: nodeNameSchema,
  region: regionNameSchema,
  id: nodeIdSchema,
  state: nodeStateSchema,
  reason: z.string().optional().meta({
    description:
      'Why the node gets fewer calls than its figures say, or none: `vanished`, `region_not_in_policy`, `unmoved` and `beyond_capacity` (implausible reports: the node counts as loaded as its region is on average), or what the node itself says of its probes.',
  }),
  ageMs: z.number().min(0).optional().meta({ description: 'Since this process took in the last report.' }),
  cpu: nodeReportSchema.shape.cpu,
  bandwidthMbps: nodeReportSchema.shape.bandwidth_mbps,
  capacityMbps: z
    .number()
    .min(0)
    .optional()
    .meta({ description: 'What the node is trusted to carry in one direction, Mbit/s.' }),
  allocations: nodeReportSchema.shape.allocations,
  estimatedLoad: shareSchema.optional().meta({ description: 'Estimated part of the capacity in use now: 1 is full.' }),
  software: nodeReportSchema.shape.software,
  secretIds: nodeReportSchema.shape.secret_ids,
  clockOffsetMs: nodeReportSchema.shape.clock_offset_ms,
});

/** What `GET /admin/v1/fleet` answers. */
export const fleetAnswerSchema = z
  .object({
    trust: trustSchema.meta({ description: 'What answers stand on.' }),
    replicas: z
      .array(z.object({ id: z.string(), version: z.string() }))
      .meta({ description: 'The process that answers.' }),
    replicaCount: z.int().min(1).meta({ description: 'Processes that share the registry, this one included.' }),
    regions: z.array(regionViewSchema).meta({
      description: 'Those of the policy in its order, then those that nodes report for all the same, at most 100.',
    }),
    nodes: z.array(nodeViewSchema).meta({ description: 'By name.' }),
    after: nodeNameSchema
      .optional()
      .meta({ description: 'There are more nodes: ask for them with this as `after`. Absent: there are none.' }),
  })
  .meta({ id: 'FleetAnswer' });

export type FleetAnswer = z.infer<typeof fleetAnswerSchema>;
export type FleetNodeView = z.infer<typeof nodeViewSchema>;
export type NodeState = z.infer<typeof nodeStateSchema>;
