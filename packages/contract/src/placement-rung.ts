import { z } from 'zod';

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
