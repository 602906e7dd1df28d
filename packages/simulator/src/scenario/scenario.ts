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
  /** Groups of equal nodes. Node ids are numbered through all groups: `node-1`, `node-2` … */
  nodes: z
    .array(
      z.strictObject({
        count: z.int().min(1).max(100_000),
        /** Capacity of one node in one direction. */
        capacityMbps: z.number().positive(),
      }),
    )
    .min(1),
});

const routersSchema = z.strictObject({
  /** Number of routers, or steps of this number over time. Routers do not share their decisions. A new router does not know the calls of the other routers. */
  replicas: z
    .union([
      z.int().min(1).max(1000),
      z.array(z.strictObject({ atSecond: secondSchema, replicas: z.int().min(1).max(1000) })).min(1),
    ])
    .default(4)
    .transform((replicas) => (typeof replicas === 'number' ? [{ atSecond: 0, replicas }] : replicas)),
  /** Interval at which a router reads the registry. Routers read at different moments. With a shorter interval, routers have newer reports, but the
   * simulation is slower. */
  pollSeconds: spanSchema.default(0.4),
  /** Delay until routers know a new number of routers. */
  replicasKnownAfterSeconds: secondSchema.default(1),
});

const reportsSchema = z.strictObject({
  /** Interval of a node's reports, ± 10 %. Nodes report at different moments. */
  intervalSeconds: spanSchema.default(5),
  /** Delay from a node's measurement until the registry has it. */
  lagSeconds: secondSchema.default(0),
  /** Time until the record of a crashed node expires. */
  ttlSeconds: spanSchema.default(15),
  /** If false, reports are minimal as from third parties: no allocations, allocations started, boot id and sequence number. */
  counters: z.boolean().default(true),
});

const claimSchema = z
  .strictObject({
    /** Path of a figure, such as `peakToIdeal.p99`. See the README for all paths. */
    figure: z.string(),
    atMost: z.number().optional(),
    atLeast: z.number().optional(),
  })
  .refine(({ atMost, atLeast }) => atMost !== undefined || atLeast !== undefined, {
    message: 'Missing limit: expected atMost, atLeast or both',
  });

/** A simulated world, its events and its claims. All defaults and bounds are defined here. */
export const scenarioSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'Invalid name: expected a–z, 0–9 and "-"'),
    /** One line that describes the scenario. */
    title: z.string().min(1).max(120),
    /** One paragraph for readers of the reports. */
    description: z.string().min(1),
    /** One run per seed, with the same arrivals and lengths for every strategy. More seeds reduce the uncertainty of the means. */
    seeds: z.array(z.int().min(0).max(2_147_483_647)).min(1).default([1, 2, 3]),
    /** Length of the whole run. */
    durationSeconds: spanSchema.default(900),
    /** Figures ignore the time before this second, because the loads must settle first. Choose more than three mean call lengths. */
    measuredFromSecond: secondSchema.default(300),
    /** Minimum length of a shortened run. Default: the end of the last event, or 60 s of measured time. */
    leastDurationSeconds: spanSchema.optional(),
    /** Interval at which loads are sampled. With a longer interval, the simulation is faster but misses short peaks. */
    sampleSeconds: spanSchema.default(0.5),
    strategies: z.array(z.enum(strategyNames)).min(1).default(['turn-router']),
    /** As in the router's policy file. A region that the policy omits gets the location 0, 0 and no spillover. */
    policy: z.looseObject({ regions: z.record(z.string(), z.unknown()).optional() }).prefault({}),
    regions: z
      .record(regionNameSchema, regionSchema)
      .refine((regions) => Object.keys(regions).length > 0, 'Missing regions: expected at least one'),
    routers: routersSchema.prefault({}),
    reports: reportsSchema.prefault({}),
    calls: callsSchema.prefault({}),
    demand: demandSchema,
    events: z.array(scenarioEventSchema).default([]),
    /** Measures how a region recovers after its demand fell: `special.recovery.seconds` and `special.recovery.overshoot`. */
    recovery: z.strictObject({ region: regionNameSchema, fromSecond: secondSchema }).optional(),
    /** Limits for figures of turn-router. The mean over the seeds must be within the limit. */
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
