import type { RequestedMode } from './requested-mode.ts';

/** A mode in which the node drains. */
export type DrainMode = Exclude<RequestedMode, 'report' | 'hand_over'>;

/**
 * The cause of the end of a drain.
 *
 * - `undone`: the drain was canceled. The node reports again.
 * - `hurried`: a second signal shortened the drain.
 * - `overtaken`: the operator requested another mode. The node drains in that mode.
 * - `empty`: no allocation is left.
 * - `deadline`: the deadline has passed.
 */
export type DrainEnd = 'undone' | 'hurried' | 'overtaken' | 'empty' | 'deadline';

/** The shortest drain, ms. Routers read the registry once a second. So every router sees `draining` before the record is removed. */
export const shortestDrainMs = 2_000;

export type DrainState = {
  /** The mode that started the drain. */
  readonly startMode: DrainMode;
  /** The mode that is requested now. */
  readonly mode: RequestedMode;
  readonly elapsedMs: number;
  readonly deadlineMs: number;
  /** Live allocations, without those of the reporter's probes; undefined if they cannot be counted. */
  readonly allocations: number | undefined;
};

/** Returns the cause of the end of a drain; undefined while the drain continues. */
export function drainEnd({ startMode, mode, elapsedMs, deadlineMs, allocations }: DrainState): DrainEnd | undefined {
  if (mode === 'report') return 'undone';
  if (mode === 'stop_at_once') return 'hurried';
  if (mode !== startMode) return 'overtaken';
  if (elapsedMs < shortestDrainMs) return undefined;
  if (allocations === 0) return 'empty';
  return elapsedMs >= deadlineMs ? 'deadline' : undefined;
}
