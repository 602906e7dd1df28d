import type { Policy } from '@turn-router/contract/policy';
import type { LimitLedger } from '@turn-router/registry';
import { truncatedAddress } from '../client-address.ts';
import type { Logger } from '../../observe/logger.ts';
import type { LimitMetrics } from '../../observe/limit-metrics.ts';
import { followLedger } from './follow-ledger.ts';
import { createCallLimits, type LimitCalls } from './limit-calls.ts';
import { createLimiter } from './limiter.ts';
import { isAddress, type LimitedId } from './limit-subject.ts';

export type CallerLimitParts = {
  readonly logger: Logger;
  readonly metrics: LimitMetrics;
  readonly monotonicNowMs: () => number;
  /** Under which this router is known to the others. */
  readonly replicaId: string;
  readonly policy: () => Pick<Policy, 'limits'>;
  readonly countReplicas: () => number;
  /** What a user is called in the log. */
  readonly opaqueUserId: (subject: string) => string;
};

/** The limits of this router, which agrees on them with the others in the background. */
export interface SharedCallLimits extends AsyncDisposable {
  readonly limitCalls: LimitCalls;
}

/** @param ledger undefined: there are no other routers */
export function limitCallers(ledger: LimitLedger | undefined, parts: CallerLimitParts): SharedCallLimits {
  const { logger, metrics, policy, opaqueUserId } = parts;
  const limiter = createLimiter();
  const followed = followLedger({
    ...parts,
    limiter,
    ledger,
    isOn: () => Object.values(policy().limits).some((calls) => calls > 0) || limiter.countBuckets() > 0,
    onLost: ({ message }) =>
      logger.warn(
        { event: 'limits.unshared', reason: message },
        'rate limits no longer shared: each router enforces its share',
      ),
    onFound: (keeper) => logger.info({ event: 'limits.shared', keeper }, 'rate limits shared again'),
  });
  metrics.showLimits(() => ({
    buckets: limiter.countBuckets(),
    isShared: followed.surroundings().aloneSinceMs === undefined,
  }));

  /** As in the lines of requests: of addresses the network, of users what TURN servers see too. */
  function nameInLog({ kind, id }: LimitedId): Readonly<Record<string, string>> {
    if (isAddress(kind)) return { network: truncatedAddress(id) };
    return kind === 'user' ? { user: opaqueUserId(id) } : { key: id };
  }

  return {
    limitCalls: createCallLimits({
      limiter,
      followed,
      policy,
      count: metrics.countLimited,
      onRefusal: (state) =>
        logger.warn(
          {
            event: 'limits.caller_refused',
            limit: state.kind,
            ...nameInLog(state),
            perMinute: state.perMinute,
          },
          'caller over its rate limit: its further refusals are not logged for a minute',
        ),
    }),
    [Symbol.asyncDispose]: () => followed[Symbol.asyncDispose](),
  };
}
