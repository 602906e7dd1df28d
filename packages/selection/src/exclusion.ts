import { wrongClockMs } from '@turn-router/contract/registry';
import type { ReportedNode } from './fleet-change.ts';

/**
 * The reason why a node gets no calls, whatever it reports about its health: it would refuse the credentials of callers, or callers do not reach it.
 *
 * - `clock_ahead`: by the node's clock, credentials expire early.
 * - `clock_behind`: by the node's clock, credentials stay valid for too long. So the clock cannot be trusted.
 * - `secret_mismatch`: the router has no secret that the node accepts.
 * - `unreachable_from_outside`: other programs that probe the node do not reach it.
 */
export type ExclusionReason = 'clock_ahead' | 'clock_behind' | 'secret_mismatch' | 'unreachable_from_outside';

/** Finds the reason why a node must not get calls. Undefined: there is none. */
export type FindExclusion = (reported: ReportedNode) => ExclusionReason | undefined;

/**
 * Judges the clock of a node by its offset from the registry, and from the router: node − router = (node − registry) − (router − registry).
 *
 * - If the registry's clock is wrong, node and router still agree. Such a node gets calls.
 * - If the router's clock is behind, every node is ahead of it and would refuse its credentials.
 * - If only the router's clock is ahead, its credentials stay valid for longer. That does no harm.
 *
 * @param nodeOffsetMs the node's clock minus the registry's clock; undefined: unknown, so the clock counts as right
 * @param ownOffsetMs the router's clock minus the registry's clock
 */
export function exclusionByClock(nodeOffsetMs: number | undefined, ownOffsetMs = 0): ExclusionReason | undefined {
  if (nodeOffsetMs === undefined) return undefined;
  const toRouterMs = nodeOffsetMs - ownOffsetMs;
  if (toRouterMs >= wrongClockMs) return 'clock_ahead';
  return toRouterMs <= -wrongClockMs && nodeOffsetMs <= -wrongClockMs ? 'clock_behind' : undefined;
}

/** Trusts the offset that the node reports. A router knows more: its own clock, its secrets and the proofs of probers. */
export const exclusionFromReport: FindExclusion = ({ report }) => exclusionByClock(report.clock_offset_ms);
