import type { Logger } from '../logger.ts';
import type { ProbeRound } from '../probe/probe-round.ts';
import { healthReason, isAllocationOnly } from './health-reason.ts';
import { provenKeyIds, provenPaths, type HealthState } from './health-state.ts';

/** A state and the round of probes that led to the state. */
export type Finding = { readonly health: HealthState; readonly round: ProbeRound };

/**
 * Logs one line for each of these changes:
 *
 * - the state or the proven paths have changed; the line has the reason
 * - the accepted keys have changed
 * - relaying can no longer be tested
 */
export function logHealthChange(logger: Logger, before: Finding, after: Finding): void {
  const transports = provenPaths(after.health);
  const { phase } = after.health;
  if (before.health.phase !== phase || provenPaths(before.health).join() !== transports.join()) {
    const change = { from: before.health.phase, to: phase, transports, ...healthReason(after.health, after.round) };
    if (phase === 'healthy') logger.info({ event: 'node.health_changed', ...change }, 'the node is healthy');
    else logger.warn({ event: 'node.health_changed', ...change }, `the node is ${phase}`);
  }
  const secretIds = provenKeyIds(after.health);
  if (provenKeyIds(before.health).join() !== secretIds.join()) {
    logger.info({ event: 'node.keys_changed', secretIds }, 'the set of keys that the TURN server accepts has changed');
  }
  if (isAllocationOnly(after.round) && !isAllocationOnly(before.round)) {
    logger.warn(
      { event: 'node.relay_unproven' },
      'relaying cannot be tested, because the server denies its own address as a peer: a successful allocation is accepted as proof',
    );
  }
}
