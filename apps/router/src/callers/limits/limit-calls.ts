import type { Policy } from '@turn-router/contract/policy';
import type { FollowedLedger } from './follow-ledger.ts';
import type { Limiter } from './limiter.ts';
import { limitsOn, type LimitSubject } from './limit-subject.ts';
import type { LimitState } from './limit-state.ts';

/** How the limits stand that a call falls under, and whether one of them refuses it: then it is the last. None: nothing is limited. */
export type LimitCalls = (subject: LimitSubject) => readonly LimitState[];

export type CallLimitParts = {
  readonly limiter: Limiter;
  readonly followed: Pick<FollowedLedger, 'surroundings' | 'hurry'>;
  readonly policy: () => Pick<Policy, 'limits'>;
  readonly count: (state: LimitState) => void;
  /** Told of the first refusal of a limit in a minute. */
  readonly onRefusal: (state: LimitState) => void;
};

export function createCallLimits({ limiter, followed, policy, count, onRefusal }: CallLimitParts): LimitCalls {
  return (subject) => {
    const limits = limitsOn(subject, policy());
    if (limits.length === 0) return [];
    const { states, isNews, isInNeed } = limiter.judge(limits, followed.surroundings());
    for (const state of states) count(state);
    if (isInNeed) followed.hurry();
    const last = states.at(-1);
    if (isNews && last !== undefined) onRefusal(last);
    return states;
  };
}
