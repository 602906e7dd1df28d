import type { Policy } from '@turn-router/contract/policy';
import type { FollowedLedger } from './follow-ledger.ts';
import type { Limiter } from './limiter.ts';
import { limitsOn, type LimitSubject } from './limit-subject.ts';
import type { LimitState } from './limit-state.ts';

/**
 * Checks a call against its limits and returns their states. If a limit refuses the call, this limit is the last. The result is empty if no limit
 * applies.
 */
export type LimitCalls = (subject: LimitSubject) => readonly LimitState[];

export type CallLimitParts = {
  readonly limiter: Limiter;
  readonly followed: Pick<FollowedLedger, 'limitContext' | 'hurry'>;
  readonly policy: () => Pick<Policy, 'limits'>;
  readonly count: (state: LimitState) => void;
  /** Called when a limit refuses a caller for the first time in a minute. */
  readonly onRefusal: (state: LimitState) => void;
};

export function createCallLimits({ limiter, followed, policy, count, onRefusal }: CallLimitParts): LimitCalls {
  return (subject) => {
    const limits = limitsOn(subject, policy());
    if (limits.length === 0) return [];
    const { states, shouldLog, needsLease } = limiter.judge(limits, followed.limitContext());
    for (const state of states) count(state);
    if (needsLease) followed.hurry();
    const last = states.at(-1);
    if (shouldLog && last !== undefined) onRefusal(last);
    return states;
  };
}
