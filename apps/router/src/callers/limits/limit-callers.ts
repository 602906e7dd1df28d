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
  /** Identifies this router to the others. */
  readonly replicaId: string;
  readonly policy: () => Pick<Policy, 'limits'>;
  readonly countReplicas: () => number;
  /** Returns the name of a user in the log. */
  readonly opaqueUserId: (subject: string) => string;
};

/** The rate limits of this router, shared with other routers in the background. */
export interface SharedCallLimits extends AsyncDisposable {
  readonly limitCalls: LimitCalls;
}

/** Opens the rate limits. @param ledger undefined: this is the only router */
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
    isShared: followed.limitContext().aloneSinceMs === undefined,
  }));

  /** Names callers as in the request lines: an address by its network, a user by the opaque id that TURN servers see. */
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
