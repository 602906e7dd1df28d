import { z } from 'zod';
import { regionNameSchema } from './names.ts';
import { placementRungSchema } from './placement-rung.ts';

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
