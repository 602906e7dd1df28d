import type { Policy } from '@turn-router/contract/policy';
import type { LimitLedger } from '@turn-router/registry';
import { truncatedAddress } from '../client-address.ts';
import type { Logger } from '../../observe/logger.ts';
import type { LimitMetrics } from '../../observe/limit-metrics.ts';
import { followLedger } from './follow-ledger.ts';
import { createCallLimits, type LimitCalls } from './limit-calls.ts';
import { createLimiter } from './limiter.ts';
import { isAddress, type LimitedId } from './limit-subject.ts';

export type OpenLimitsParts = {
  readonly logger: Logger;
  readonly metrics: LimitMetrics;
  readonly monotonicNowMs: () => number;
  /** Identifies this router to the others. */
  readonly replicaId: string;
  readonly policy: () => Pick<Policy, 'limits'>;
  readonly countReplicas: () => number;
  /** Returns the name of a user in the log. */
  readonly opaqueUserId: (user: string) => string;
};

/** The rate limits of this router. They are shared with the other routers in the background. */
export interface SharedCallLimits extends AsyncDisposable {
  readonly limitCalls: LimitCalls;
}

/**
 * Opens the rate limits.
 *
 * @param ledger the count of calls that all routers share; undefined: this is the only router
 */
export function openLimits(ledger: LimitLedger | undefined, parts: OpenLimitsParts): SharedCallLimits {
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
        'routers can no longer count calls together: each router enforces a part of every limit',
      ),
    onFound: (keeper) =>
      logger.info(
        { event: 'limits.shared', keeper },
        'routers count calls together: all routers enforce every limit jointly',
      ),
  });
  metrics.showLimits(() => ({
    buckets: limiter.countBuckets(),
    isShared: followed.limitContext().aloneSinceMs === undefined,
  }));

  /** Names callers as the log lines of requests do: an address by its network, a user by the opaque id that TURN servers get. */
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
          'refused a caller over its rate limit: further refusals of this caller are not logged for one minute',
        ),
    }),
    [Symbol.asyncDispose]: () => followed[Symbol.asyncDispose](),
  };
}
