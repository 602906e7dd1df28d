import { z } from 'zod';
import { regionNameSchema } from '../terms/names.ts';

/**
 * The rungs of the region ladder, most specific first; `residency` and `token` move a caller whom the others would place where a rule or
 * its own token does not allow it. The one that decided stands in the log and the
 * metrics, and is the `reason` of `GET /v1/region`.
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

/** `GET /v1/region`: where the caller belongs, and where it would go next. */
export const regionAnswerSchema = z
  .object({
    region: regionNameSchema,
    reason: placementRungSchema.meta({ description: 'The rung of the ladder that decided.' }),
    fallbacks: z.array(regionNameSchema).meta({ description: 'The region’s spillover targets, in order.' }),
  })
  .meta({
    id: 'RegionAnswer',
    example: { region: 'eu-central-1', reason: 'nearest', fallbacks: ['us-east-1'] },
  });

export type RegionAnswer = z.infer<typeof regionAnswerSchema>;
