import type { Order } from './orders.ts';

/** An order to drain. */
export type DrainOrder = Exclude<Order, 'report'>;

/** How a drain ends. After `undone` and `overtaken` the node is still there: it reports again, or drains by another order. */
export type DrainEnd = 'undone' | 'hurried' | 'overtaken' | 'empty' | 'deadline';

/** `draining` is said for at least this long, ms, so that every router, which reads the registry once a second, has seen it. */
export const shortestDrainMs = 2_000;

export type DrainState = {
  /** What it began by. */
  readonly begunBy: DrainOrder;
  /** What holds now. */
  readonly order: Order;
  readonly elapsedMs: number;
  readonly deadlineMs: number;
  /** Live ones, without the reporter's own; undefined where they cannot be counted. */
  readonly allocations: number | undefined;
};

/** Whether a drain is over, and why; undefined: it goes on. */
export function drainEnd({ begunBy, order, elapsedMs, deadlineMs, allocations }: DrainState): DrainEnd | undefined {
  if (order === 'report') return 'undone';
  if (order === 'leave_at_once') return 'hurried';
  if (order !== begunBy) return 'overtaken';
  if (elapsedMs < shortestDrainMs) return undefined;
  if (allocations === 0) return 'empty';
  return elapsedMs >= deadlineMs ? 'deadline' : undefined;
}
