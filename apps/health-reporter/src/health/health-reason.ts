import { failuresText, type ProbeFault, type ProbeRound } from '../probe/probe-round.ts';
import type { HealthState } from './health-state.ts';

/**
 * The reason for a node's state, as a closed set of words.
 *
 * - `not_yet_probed`: no round of probes has finished.
 * - `proven`: every probe of the last round passed.
 * - `allocation_only`: every probe passed, but the server denies its own address as a peer, so relaying is unproven.
 * - `some_probes_fail`: probes of the last round failed, but too few in a row or on too few paths to make the node unhealthy.
 * - `not_proven_often_enough`: every probe passes, but not yet as often in a row as the threshold requires.
 * - `stopping`: the reporter was told to stop.
 * - `staying_away`: the reporter was told to withdraw the node.
 * - any other: the fault of the first path that failed, or `draining` if any path failed by it.
 */
export type HealthReasonWord =
  | ProbeFault
  | 'not_yet_probed'
  | 'proven'
  | 'allocation_only'
  | 'some_probes_fail'
  | 'not_proven_often_enough'
  | 'stopping'
  | 'staying_away';

export type HealthReason = { readonly reason: HealthReasonWord; readonly text: string };

export const stoppingReason: HealthReason = { reason: 'stopping', text: 'the health-reporter was told to stop' };

export const stayingAwayReason: HealthReason = { reason: 'staying_away', text: 'the drain file exists' };

/** Explains a state; `round` is the round of probes that led to it. */
export function healthReason({ phase }: HealthState, round: ProbeRound): HealthReason {
  const faults = [...round.results.values()].flatMap((result) => (result.ok ? [] : [result.reason]));
  const [firstFault] = faults;
  if (firstFault !== undefined) {
    const fault = faults.find((reason) => reason === 'draining') ?? firstFault;
    return { reason: phase === 'healthy' ? 'some_probes_fail' : fault, text: failuresText(round) };
  }
  if (round.results.size === 0) return { reason: 'not_yet_probed', text: 'no round of probes has finished' };
  if (phase !== 'healthy') {
    return { reason: 'not_proven_often_enough', text: 'the probes succeed, but not yet often enough in a row' };
  }
  return isAllocationOnly(round)
    ? {
        reason: 'allocation_only',
        text: 'the server denies its own address as a peer: an allocation counts as proof',
      }
    : { reason: 'proven', text: 'the probes succeed' };
}

/** Whether the server's own rules prevent the full proof of some path. */
export function isAllocationOnly({ results }: ProbeRound): boolean {
  return [...results.values()].some((result) => result.ok && result.denied);
}
