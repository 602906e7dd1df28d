import type { Logger } from '../logger.ts';
import type { ProbeRound } from '../probe/probe-round.ts';
import { healthReason, isAllocationOnly } from './health-reason.ts';
import { provenKeyIds, provenPaths, type HealthState } from './health-state.ts';

/** A state and the round that led to it. */
export type Finding = { readonly health: HealthState; readonly round: ProbeRound };

/** A line for each thing that has changed: the state or the proven paths, with the reason; the proven keys; what cannot be proven. */
export function logHealthChange(logger: Logger, before: Finding, after: Finding): void {
  const transports = provenPaths(after.health);
  const { phase } = after.health;
  if (before.health.phase !== phase || provenPaths(before.health).join() !== transports.join()) {
    const level = phase === 'healthy' ? 'info' : 'warn';
    const line = { from: before.health.phase, to: phase, transports, ...healthReason(after.health, after.round) };
    logger[level](line, `the node is ${phase}`);
  }
  const secretIds = provenKeyIds(after.health);
  if (provenKeyIds(before.health).join() !== secretIds.join()) {
    logger.info({ secretIds }, 'the keys that the node accepts have changed');
  }
  if (isAllocationOnly(after.round) && !isAllocationOnly(before.round)) {
    logger.warn(
      "the TURN server's rules deny its own address as a peer: that it relays follows from its granting alone",
    );
  }
}
