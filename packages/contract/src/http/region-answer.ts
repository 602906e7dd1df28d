import { z } from 'zod';
import { regionNameSchema } from '../terms/names.ts';

/**
 * The rungs of the placement ladder: the ways to choose the home region of a caller, most specific first. `residency` and `token` apply when a
 * residency rule or the caller's token forbids the region that another rung chose. The rung that decided is logged, counted in the metrics, and
 * returned as `reason` by `GET /v1/region`.
 */
export const placementRungs = [
  'prefix',
  'subdivision',
  'country',
  'continent',
  'nearest',
  'default',
  'residency',
  'token',
] as const;

export const placementRungSchema = z.enum(placementRungs).meta({ id: 'PlacementRung' });

export type PlacementRung = z.infer<typeof placementRungSchema>;

/** The response of `GET /v1/region`: the home region of the caller, and the spillover targets of this region. */
export const regionAnswerSchema = z
  .object({
    region: regionNameSchema,
    reason: placementRungSchema.meta({
      description: 'The rule by which the router chose the region.',
    }),
    fallbacks: z
      .array(regionNameSchema)
      .meta({ description: 'The spillover targets of the region, in order of preference.' }),
  })
  .meta({
    id: 'RegionAnswer',
    example: { region: 'eu-central-1', reason: 'nearest', fallbacks: ['us-east-1'] },
  });

export type RegionAnswer = z.infer<typeof regionAnswerSchema>;
