import { failuresText, type ProbeFault, type ProbeRound } from '../probe/probe-round.ts';
import type { HealthState } from './health-state.ts';

/**
 * Why a node is in its state, as a closed set of words.
 *
 * - `not_yet_probed`: no round of probes is over.
 * - `proven`: every probe of the last round passed.
 * - `allocation_only`: they did, but the server's rules deny its own address as a peer: that it relays follows from its granting alone.
 * - `some_probes_fail`: in the last round, but not so often in a row, or not over so many paths, as to take the node away.
 * - `not_proven_often_enough`: every probe passes, but not yet as often in a row as wanted.
 * - `stopping`: the reporter was told to stop.
 * - `staying_away`: it was told to keep the node away.
 * - any other: what the first path failed by, or `draining` where any did.
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

/** What to say of a state; `round` is the one that led to it. */
export function healthReason({ phase }: HealthState, round: ProbeRound): HealthReason {
  const faults = [...round.results.values()].flatMap((result) => (result.ok ? [] : [result.reason]));
  const [firstFault] = faults;
  if (firstFault !== undefined) {
    const fault = faults.find((reason) => reason === 'draining') ?? firstFault;
    return { reason: phase === 'healthy' ? 'some_probes_fail' : fault, text: failuresText(round) };
  }
  if (round.results.size === 0) return { reason: 'not_yet_probed', text: 'no round of probes is over' };
  if (phase !== 'healthy') {
    return { reason: 'not_proven_often_enough', text: 'the probes succeed, but not yet as often in a row as wanted' };
  }
  return isAllocationOnly(round)
    ? {
        reason: 'allocation_only',
        text: "the server's rules deny its own address as a peer: an allocation is proof enough",
      }
    : { reason: 'proven', text: 'the probes succeed' };
}

/** Whether the server's own rules keep some path from being proven in full. */
export function isAllocationOnly({ results }: ProbeRound): boolean {
  return [...results.values()].some((result) => result.ok && result.denied);
}
