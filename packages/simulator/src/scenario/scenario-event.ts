import { regionNameSchema } from '@turn-router/contract/registry';
import { z } from 'zod';
import { secondSchema, spanSchema } from './units.ts';

const atSecond = secondSchema;
const region = regionNameSchema;
/** Counted from 1, as in its id `node-1`. */
const node = z.int().min(1);
/** Without it: to the end of the run. */
const forSeconds = spanSchema.optional();

export const scenarioEventSchema = z.discriminatedUnion('type', [
  /** A node starts, empty; it is the last of its region. */
  z.strictObject({ type: z.literal('node-joins'), atSecond, region, capacityMbps: z.number().positive() }),
  /** Its calls end; who is sent to it before its record has lived out gets no call. It comes back empty. */
  z.strictObject({ type: z.literal('node-crashes'), atSecond, region, node, forSeconds }),
  /**
   * Its reports say what is not: `zero` of everything; `frozen`, what was true when it began; `beyond-capacity`, three times what it can
   * carry; `unreadable`, a record that does not parse, so that routers see none.
   */
  z.strictObject({
    type: z.literal('node-lies'),
    atSecond,
    region,
    node,
    says: z.enum(['zero', 'frozen', 'beyond-capacity', 'unreadable']),
    forSeconds,
  }),
  /** Routers get no newer reading than their last. */
  z.strictObject({ type: z.literal('registry-frozen'), atSecond, forSeconds: spanSchema }),
  /** Every node of the region crashes; they come back empty. */
  z.strictObject({ type: z.literal('region-lost'), atSecond, region, forSeconds }),
  /** Everybody's demand × factor. */
  z.strictObject({ type: z.literal('demand-times'), atSecond, factor: z.number().min(0).max(100), forSeconds }),
]);

export type ScenarioEvent = z.output<typeof scenarioEventSchema>;
export type EventOf<Type extends ScenarioEvent['type']> = Extract<ScenarioEvent, { type: Type }>;
