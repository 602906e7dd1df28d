import { busyMax, windowSlots, type LimitExchange, type LimitReport } from '@turn-router/registry';
import { z } from 'zod';

const count = z.int().min(0);
const name = z.string().min(1).max(64);
const busy = z.array(name).max(busyMax);

/** The request of one exchange, as in `LimitLedger.exchangeLimits`. */
export const exchangeRequestSchema = z.strictObject({
  replicaId: name,
  reports: z
    .array(
      z.strictObject({
        bucket: name,
        limit: count.min(1),
        // The current second and the second that is just ending also count.
        calls: z.array(z.strictObject({ ageSlots: count, calls: count })).max(windowSlots + 2),
        wish: count,
      }),
    )
    .max(1_024),
  busy,
});

// A newer version of the router may add fields.
export const exchangeAnswerSchema = z.object({
  settlements: z.array(z.object({ granted: count, othersCalls: count, fullForMs: z.number().min(0) })),
  busy,
  epoch: z.string().min(1).max(256),
  routers: count.min(1),
});

/** The id of a peer, and the number of routers that report to it. */
export const standingSchema = z.object({ id: name, routers: count });

export type ExchangeRequest = {
  readonly replicaId: string;
  readonly reports: readonly LimitReport[];
  readonly busy: readonly string[];
};
export type ExchangeAnswer = LimitExchange & { readonly routers: number };
export type Standing = z.output<typeof standingSchema>;
