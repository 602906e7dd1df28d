import { provenTransports, type HealthState } from './health-state.ts';
import type { Logger } from './logger.ts';
import { failuresText, type ProbeRound } from './probe/probe-round.ts';

/** One line when the phase or the proven transports have changed, with the reason. */
export function logHealthChange(logger: Logger, before: HealthState, after: HealthState, round: ProbeRound): void {
  const transports = provenTransports(after);
  if (before.phase === after.phase && provenTransports(before).join() === transports.join()) return;
  const reason = failuresText(round) || 'the probes succeed';
  const level = after.phase === 'healthy' ? 'info' : 'warn';
  logger[level]({ from: before.phase, to: after.phase, transports, reason }, `the node is ${after.phase}`);
}
