import { failuresText, type ProbeFault, type ProbeRound } from '../probe/probe-round.ts';
import type { HealthState } from './health-state.ts';

/**
 * The codes of the reasons for a node's state. The set is closed.
 *
 * - `not_yet_probed`: the first round of probes has not finished.
 * - `proven`: every probe of the last round passed.
 * - `allocation_only`: every probe passed. But the server denies its own address as a peer, so relaying is unproven.
 * - `some_probes_fail`: some probes of the last round failed, but the node is still healthy.
 * - `not_proven_often_enough`: every probe passes, but the threshold requires more passes in a row.
 * - `stopping`: the reporter got SIGTERM or SIGINT.
 * - `staying_away`: DRAIN_FILE exists.
 * - any other: the fault of the first path that failed. If any path failed with `draining`, the reason is `draining`.
 */
export type HealthReasonCode =
  | ProbeFault
  | 'not_yet_probed'
  | 'proven'
  | 'allocation_only'
  | 'some_probes_fail'
  | 'not_proven_often_enough'
  | 'stopping'
  | 'staying_away';

export type HealthReason = { readonly reason: HealthReasonCode; readonly text: string };

export const stoppingReason: HealthReason = { reason: 'stopping', text: 'the health-reporter got a signal to stop' };

export const withdrawnReason: HealthReason = { reason: 'staying_away', text: 'the drain file exists' };

/** Returns the reason for a state. `round` is the round of probes that led to the state. */
export function healthReason({ phase }: HealthState, round: ProbeRound): HealthReason {
  const faults = [...round.results.values()].flatMap((result) => (result.ok ? [] : [result.reason]));
  const [firstFault] = faults;
  if (firstFault !== undefined) {
    const fault = faults.find((reason) => reason === 'draining') ?? firstFault;
    return { reason: phase === 'healthy' ? 'some_probes_fail' : fault, text: failuresText(round) };
  }
  if (round.results.size === 0) return { reason: 'not_yet_probed', text: 'the first probes have not finished' };
  if (phase !== 'healthy') {
    return { reason: 'not_proven_often_enough', text: 'the probes pass, but not yet often enough in a row' };
  }
  return isAllocationOnly(round)
    ? {
        reason: 'allocation_only',
        text: 'relaying cannot be tested, because the server denies its own address as a peer: a successful allocation is accepted as proof',
      }
    : { reason: 'proven', text: 'the probes pass' };
}

/** Whether the full proof of some path is not possible, because the server denies its own address as a peer. */
export function isAllocationOnly({ results }: ProbeRound): boolean {
  return [...results.values()].some((result) => result.ok && result.denied);
}
