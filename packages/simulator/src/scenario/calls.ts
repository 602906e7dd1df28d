import { z } from 'zod';
import { spanSchema } from './units.ts';

/** Standard deviation of the logarithm. With 1, lengths vary as in real calls. With 0.5, they vary less. */
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
  /** Part of the issued credentials that become calls. The demand is the demand of calls. So with a lower yield, more credentials are issued for the same load. */
  yield: z.number().positive().max(1).default(1),
});

export type Calls = z.output<typeof callsSchema>;
