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
  /** Number of callers relative to the other places. */
  weight: z.number().positive(),
  /** Default: solar time, longitude ÷ 15. */
  utcOffsetHours: z.number().min(-14).max(14).optional(),
});

const worldDemandSchema = z.strictObject({
  places: z.array(placeSchema).min(1),
  /** Mean demand of all places over a day, as a factor of the capacity of all regions. */
  meanFactor: factorSchema,
  /** Daily variation of a place's demand: demand = mean × (1 + swing × cos(2π × (local hour − peak hour) ÷ 24)). */
  swing: z.number().min(0).max(1).default(0.8),
  /** Local hour of the highest demand. */
  peakHour: z.number().min(0).max(24).default(20),
  /** UTC hour at the start of the run. */
  startHourUtc: z.number().min(0).max(24).default(0),
});

/** The callers. If both `regions` and `world` are set, their demands are added. */
export const demandSchema = z
  .strictObject({
    /** Callers with a fixed home region. The value is their demand as a factor of the region's capacity at the start, or steps of this factor over time. */
    regions: z.record(regionNameSchema, stepsSchema).default({}),
    /** Callers at places around the world. The policy chooses their home region. Their demand follows the local time. */
    world: worldDemandSchema.optional(),
  })
  .refine(({ regions, world }) => Object.keys(regions).length > 0 || world !== undefined, {
    message: 'Missing demand: expected regions, world or both',
  });

export type WorldDemand = z.output<typeof worldDemandSchema>;
