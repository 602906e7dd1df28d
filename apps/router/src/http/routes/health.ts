import type { FleetSourceStatus } from '@turn-router/registry';
import type { RequestHandler } from 'express';
import type { TrustStep } from '../../observe/trust-step.ts';
import { answerJson } from '../answer.ts';

/** What `GET /readyz` says beside its status. */
export type Readiness = {
  readonly ready: boolean;
  /** On what answers stand. */
  readonly trust: TrustStep;
  readonly registries: readonly FleetSourceStatus[];
  readonly healthyNodes: number;
  readonly stopping: boolean;
};

/** `GET /livez`: the process answers; touches nothing else. */
export const livezRoute: RequestHandler = (_req, res) => {
  answerJson(res, { live: true });
};

/** `GET /readyz`: 200 as soon as callers can be answered, 503 before that and while stopping. */
export function readyzRoute(readiness: () => Readiness): RequestHandler {
  return (_req, res) => {
    const state = readiness();
    answerJson(res, state, state.ready ? 200 : 503);
  };
}
