import { regionNameSchema } from '@turn-router/contract/registry';
import { z } from 'zod';
import { secondSchema, spanSchema } from './units.ts';

const atSecond = secondSchema;
const region = regionNameSchema;
/** Number of the node, from 1, as in its id `node-1`. */
const node = z.int().min(1);
/** Default: to the end of the run. */
const forSeconds = spanSchema.optional();

export const scenarioEventSchema = z.discriminatedUnion('type', [
  /** A node starts empty and becomes the last of its region. */
  z.strictObject({ type: z.literal('node-joins'), atSecond, region, capacityMbps: z.number().positive() }),
  /** The node's calls end. New calls on it do not begin until its record expires. It comes back empty. */
  z.strictObject({ type: z.literal('node-crashes'), atSecond, region, node, forSeconds }),
  /**
   * The node's reports are false. `zero`: every figure is 0. `frozen`: the figures at the start of the event. `beyond-capacity`: three times
   * its capacity. `unreadable`: a record that does not parse, so routers see no record.
   */
  z.strictObject({
    type: z.literal('node-lies'),
    atSecond,
    region,
    node,
    says: z.enum(['zero', 'frozen', 'beyond-capacity', 'unreadable']),
    forSeconds,
  }),
  /** Routers keep their last reading. */
  z.strictObject({ type: z.literal('registry-frozen'), atSecond, forSeconds: spanSchema }),
  /** Every node of the region crashes. The nodes come back empty. */
  z.strictObject({ type: z.literal('region-lost'), atSecond, region, forSeconds }),
  /** Multiplies the demand of all callers by the factor. */
  z.strictObject({ type: z.literal('demand-times'), atSecond, factor: z.number().min(0).max(100), forSeconds }),
]);

export type ScenarioEvent = z.output<typeof scenarioEventSchema>;
export type EventOf<Type extends ScenarioEvent['type']> = Extract<ScenarioEvent, { type: Type }>;
