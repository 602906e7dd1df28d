import { regionNameSchema } from '@turn-router/contract/registry';
import { z } from 'zod';
import { secondSchema } from './units.ts';

const factorSchema = z.number().min(0).max(10);

const stepsSchema = z
  .union([factorSchema, z.array(z.strictObject({ atSecond: secondSchema, factor: factorSchema })).min(1)])
  .transform((steps) => (typeof steps === 'number' ? [{ atSecond: 0, factor: steps }] : steps));

const placeSchema = z.strictObject({
  name: z.string().min(1),
  /** ISO 3166-1 alpha-2. */
  country: z.string().regex(/^[A-Z]{2}$/, 'Invalid country: expected ISO 3166-1 alpha-2, such as JP'),
  /** Latitude and longitude, degrees. */
  location: z.tuple([z.number().min(-90).max(90), z.number().min(-180).max(180)]),
  /** Callers, relative to the other places. */
  weight: z.number().positive(),
  /** Default: by the sun, longitude ÷ 15. */
  utcOffsetHours: z.number().min(-14).max(14).optional(),
});

const worldDemandSchema = z.strictObject({
  places: z.array(placeSchema).min(1),
  /** Demand of all places together over a day, as a factor of the capacity of all regions together. */
  meanFactor: factorSchema,
  /** How much a place's demand rises and falls over its day: demand = mean × (1 + swing × cos(2π × (local hour − peak hour) ÷ 24)). */
  swing: z.number().min(0).max(1).default(0.8),
  /** Local time, hours. */
  peakHour: z.number().min(0).max(24).default(20),
  /** UTC at the start of the run, hours. */
  startHourUtc: z.number().min(0).max(24).default(0),
});

/** Who calls. Both may be given: they add up. */
export const demandSchema = z
  .strictObject({
    /** Callers that belong to a region: work they bring as a factor of its capacity at the start; or how that changes over time. */
    regions: z.record(regionNameSchema, stepsSchema).default({}),
    /** Callers at places, who belong to the region that the policy gives them, and whose demand follows the sun. */
    world: worldDemandSchema.optional(),
  })
  .refine(({ regions, world }) => Object.keys(regions).length > 0 || world !== undefined, {
    message: 'Missing demand: expected regions or world or both',
  });

export type WorldDemand = z.output<typeof worldDemandSchema>;
