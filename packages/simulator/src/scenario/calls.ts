import { z } from 'zod';
import { spanSchema } from './units.ts';

/** Standard deviation of the logarithm: 1 is as wide as real call lengths, 0.5 is narrow. */
const sigmaSchema = z.number().positive().max(3).default(1);

export const callsSchema = z.strictObject({
  length: z
    .discriminatedUnion('shape', [
      z.strictObject({ shape: z.literal('exponential'), meanSeconds: spanSchema }),
      z.strictObject({ shape: z.literal('lognormal'), meanSeconds: spanSchema, sigma: sigmaSchema }),
    ])
    .prefault({ shape: 'exponential', meanSeconds: 60 }),
  /** Bandwidth of one call in one direction. With the default of 1 Mbit/s, a load in Mbit/s is the number of calls. */
  bandwidth: z
    .discriminatedUnion('shape', [
      z.strictObject({ shape: z.literal('constant'), meanMbps: z.number().positive() }),
      z.strictObject({ shape: z.literal('lognormal'), meanMbps: z.number().positive(), sigma: sigmaSchema }),
    ])
    .prefault({ shape: 'constant', meanMbps: 1 }),
  /** Share of the issued credentials that become calls. The demand counts calls, so a lower yield means more credentials for the same load. */
  yield: z.number().positive().max(1).default(1),
});

export type Calls = z.output<typeof callsSchema>;
