import type { Policy } from '@turn-router/contract/policy';
import type { LimitLedger } from '@turn-router/registry';
import type { Authentication } from '../callers/auth/open-authentication.ts';
import { openLimits } from '../callers/limits/open-limits.ts';
import type { LimitCalls } from '../callers/limits/limit-calls.ts';
import { shareWithPeers, type SharedLimitsOptions } from '../callers/peers/share-with-peers.ts';
import {
  followRevocations,
  type Revocations,
  type RevocationsPlace,
} from '../callers/revocation/follow-revocations.ts';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { World } from '../world.ts';

export type CallersOptions = SharedLimitsOptions & {
  /** This stays open. The code that opened it also closes it. */
  readonly authentication: Authentication;
  readonly revocations: RevocationsPlace;
  /** The ledger for shared rate limits: the count of calls that all routers share. Undefined: this is the only router. */
  readonly ledger: LimitLedger | undefined;
};

export type CallersParts = Pick<World, 'nowMs' | 'monotonicNowMs' | 'random'> & {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly replicaId: string;
  readonly policy: () => Pick<Policy, 'limits'>;
  readonly countReplicas: () => number;
  /** Returns the name of a user in the log. */
  readonly opaqueUserId: (user: string) => string;
};

/** Authentication, revocations and rate limits of callers. */
export interface Callers extends AsyncDisposable {
  readonly authentication: Authentication;
  readonly revocations: Revocations;
  readonly limitCalls: LimitCalls;
}

export async function openCallers(options: CallersOptions, parts: CallersParts): Promise<Callers> {
  const revocations = await followRevocations(options.revocations, parts);
  const sharing = shareWithPeers(options.ledger, options, parts);
  const limits = openLimits(sharing.ledger, parts);
  return {
    authentication: options.authentication,
    revocations,
    limitCalls: limits.limitCalls,
    async [Symbol.asyncDispose]() {
      await limits[Symbol.asyncDispose]();
      await sharing[Symbol.asyncDispose]();
      await revocations[Symbol.asyncDispose]();
    },
  };
}
