import { regionNameSchema } from '@turn-router/contract/registry';
import { z } from 'zod';
import { strategyNames } from '../simulation-result.ts';
import { callsSchema } from './calls.ts';
import { demandSchema } from './demand.ts';
import { scenarioEventSchema } from './scenario-event.ts';
import { policyOfScenario } from './scenario-policy.ts';
import { findScenarioFaults } from './scenario-rules.ts';
import { secondSchema, spanSchema } from './units.ts';

const regionSchema = z.strictObject({
  /** Groups of nodes that are alike; the node ids count through them: `node-1`, `node-2` … */
  nodes: z
    .array(
      z.strictObject({
        count: z.int().min(1).max(100_000),
        /** Of one node, one direction. */
        capacityMbps: z.number().positive(),
      }),
    )
    .min(1),
});

const routersSchema = z.strictObject({
  /** Routers that serve, each deciding alone; or how their number changes. One that joins knows nothing of what the others gave out. */
  replicas: z
    .union([
      z.int().min(1).max(1000),
      z.array(z.strictObject({ atSecond: secondSchema, replicas: z.int().min(1).max(1000) })).min(1),
    ])
    .default(4)
    .transform((replicas) => (typeof replicas === 'number' ? [{ atSecond: 0, replicas }] : replicas)),
  /** Each router reads the registry at this interval, in a phase of its own. Shorter: fresher, and slower to simulate. */
  pollSeconds: spanSchema.default(0.4),
  /** After this time a router knows that another has come or gone. */
  replicasKnownAfterSeconds: secondSchema.default(1),
});

const reportsSchema = z.strictObject({
  /** A node reports at this interval ± 10 %, in a phase of its own. */
  intervalSeconds: spanSchema.default(5),
  /** From a node's measuring to the registry's showing it. */
  lagSeconds: secondSchema.default(0),
  /** Life of a record whose node has died. */
  ttlSeconds: spanSchema.default(15),
  /** false: a minimal third-party report, without allocations, their count, boot id and sequence. */
  counters: z.boolean().default(true),
});

const claimSchema = z
  .strictObject({
    /** Path in the figures of a run, such as `peakToIdeal.p99`; the README lists them. */
    figure: z.string(),
    atMost: z.number().optional(),
    atLeast: z.number().optional(),
  })
  .refine(({ atMost, atLeast }) => atMost !== undefined || atLeast !== undefined, {
    message: 'Missing bound: expected atMost or atLeast or both',
  });

/** A world, what happens in it, and what must hold of it. Every default and bound stands here, once. */
export const scenarioSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'Invalid name: expected a–z, 0–9 and "-"'),
    /** One line: what this scenario shows. */
    title: z.string().min(1).max(120),
    /** A paragraph for people. */
    description: z.string().min(1),
    /** Each seed is a run of its own: the same arrivals and lengths for every strategy. More: narrower doubt. */
    seeds: z.array(z.int().min(0).max(2_147_483_647)).min(1).default([1, 2, 3]),
    /** The whole run. */
    durationSeconds: spanSchema.default(900),
    /** What happens before is not in the figures: the world comes to its balance. Longer than three calls. */
    measuredFromSecond: secondSchema.default(300),
    /** A shortened run is never shorter than this; default: the end of the last event, or 60 s of measured time. */
    leastDurationSeconds: spanSchema.optional(),
    /** Loads are looked at in this step. Longer: faster, and short peaks are missed. */
    sampleSeconds: spanSchema.default(0.5),
    strategies: z.array(z.enum(strategyNames)).min(1).default(['turn-router']),
    /** As in the router's policy file; a region that is not in it lies at 0, 0 and never spills. */
    policy: z.looseObject({ regions: z.record(z.string(), z.unknown()).optional() }).prefault({}),
    regions: z
      .record(regionNameSchema, regionSchema)
      .refine((regions) => Object.keys(regions).length > 0, 'Missing regions: expected at least one'),
    routers: routersSchema.prefault({}),
    reports: reportsSchema.prefault({}),
    calls: callsSchema.prefault({}),
    demand: demandSchema,
    events: z.array(scenarioEventSchema).default([]),
    /** Measures how a region comes back after its demand fell: `special.recovery.seconds` and `special.recovery.overshoot`. */
    recovery: z.strictObject({ region: regionNameSchema, fromSecond: secondSchema }).optional(),
    /** What must hold for turn-router, as the mean over the seeds. */
    claims: z.array(claimSchema).default([]),
  })
  .transform((draft, context) => {
    const policy = policyOfScenario(draft.policy, Object.keys(draft.regions));
    if (!policy.ok) {
      for (const fault of policy.faults) context.addIssue({ code: 'custom', ...fault });
      return z.NEVER;
    }
    const scenario = { ...draft, policy: policy.policy };
    for (const fault of findScenarioFaults(scenario)) context.addIssue({ code: 'custom', ...fault });
    return scenario;
  });

export type Scenario = z.output<typeof scenarioSchema>;
