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
  /** A node starts without calls. It gets the highest number of its region. */
  z.strictObject({ type: z.literal('node-joins'), atSecond, region, capacityMbps: z.number().positive() }),
  /** The node's calls end. Until its record expires, routers still assign calls to the node, but these calls do not begin. The node returns without calls. */
  z.strictObject({ type: z.literal('node-crashes'), atSecond, region, node, forSeconds }),
  /**
   * The node's reports are false. `zero`: every figure is 0. `frozen`: the figures stay as at the start of the event. `beyond-capacity`: the
   * bandwidth is three times the capacity. `large`: the capacity is 100 Gbit/s, and every other figure is 0. `unreadable`: the record cannot be parsed, so routers see no record.
   */
  z.strictObject({
    type: z.literal('node-lies'),
    atSecond,
    region,
    node,
    says: z.enum(['zero', 'frozen', 'beyond-capacity', 'large', 'unreadable']),
    forSeconds,
  }),
  /** Routers get no new reports and keep the last ones. */
  z.strictObject({ type: z.literal('registry-frozen'), atSecond, forSeconds: spanSchema }),
  /** Every node of the region crashes. The nodes return without calls. */
  z.strictObject({ type: z.literal('region-lost'), atSecond, region, forSeconds }),
  /** Multiplies the demand of all callers by the factor. */
  z.strictObject({ type: z.literal('demand-times'), atSecond, factor: z.number().min(0).max(100), forSeconds }),
]);

export type ScenarioEvent = z.output<typeof scenarioEventSchema>;
export type EventOf<Type extends ScenarioEvent['type']> = Extract<ScenarioEvent, { type: Type }>;
