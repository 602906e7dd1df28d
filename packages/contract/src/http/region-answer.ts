import { z } from 'zod';
import { regionNameSchema } from '../terms/names.ts';

/**
 * The rungs of the placement ladder, most specific first. `residency` and `token` apply when a residency rule or the caller's token forbids
 * the region that another rung chose. The deciding rung is logged, counted in the metrics, and returned as `reason` by `GET /v1/region`.
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

/** The response of `GET /v1/region`: the caller's home region and its fallbacks. */
export const regionAnswerSchema = z
  .object({
    region: regionNameSchema,
    reason: placementRungSchema.meta({ description: 'The rung of the placement ladder that chose the region.' }),
    fallbacks: z.array(regionNameSchema).meta({ description: 'The spillover targets of the region, in order.' }),
  })
  .meta({
    id: 'RegionAnswer',
    example: { region: 'eu-central-1', reason: 'nearest', fallbacks: ['us-east-1'] },
  });

export type RegionAnswer = z.infer<typeof regionAnswerSchema>;
