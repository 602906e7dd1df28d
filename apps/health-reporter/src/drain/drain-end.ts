import type { Order } from './orders.ts';

/** An order to drain. */
export type DrainOrder = Exclude<Order, 'report'>;

/** How a drain ends. After `undone` the node reports again, after `overtaken` it drains by another order. */
export type DrainEnd = 'undone' | 'hurried' | 'overtaken' | 'empty' | 'deadline';

/** The shortest drain, ms: routers read the registry once a second, so every router sees `draining` before the record is removed. */
export const shortestDrainMs = 2_000;

export type DrainState = {
  /** The order that started the drain. */
  readonly begunBy: DrainOrder;
  /** The order now. */
  readonly order: Order;
  readonly elapsedMs: number;
  readonly deadlineMs: number;
  /** Live allocations, without those of the reporter's probes; undefined if they cannot be counted. */
  readonly allocations: number | undefined;
};

/** Returns how a drain has ended; undefined while it goes on. */
export function drainEnd({ begunBy, order, elapsedMs, deadlineMs, allocations }: DrainState): DrainEnd | undefined {
  if (order === 'report') return 'undone';
  if (order === 'leave_at_once') return 'hurried';
  if (order !== begunBy) return 'overtaken';
  if (elapsedMs < shortestDrainMs) return undefined;
  if (allocations === 0) return 'empty';
  return elapsedMs >= deadlineMs ? 'deadline' : undefined;
}
