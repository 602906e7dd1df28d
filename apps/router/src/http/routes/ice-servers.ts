import { iceServersRequestSchema } from '@turn-router/contract/http';
import type { RequestHandler } from 'express';
import { identifyCaller, type Identity } from '../../auth/identify-caller.ts';
import type { IssueIceServers } from '../../issue-ice-servers.ts';
import type { LimitCalls } from '../../limits/limit-calls.ts';
import { subjectOfBody } from '../../limits/limit-subject.ts';
import type { Metrics } from '../../metrics.ts';
import { answerJson } from '../answer.ts';
import { limitCall } from '../limit-call.ts';
import { callerOf, localsOf } from '../locals.ts';
import { parseInput } from '../input.ts';

export type IceServersRouteParts = {
  readonly issue: IssueIceServers;
  readonly limitCalls: LimitCalls;
  /** @throws ProblemError `revoked` */
  readonly refuseRevoked: (identity: Identity) => void;
  readonly metrics: Metrics;
};

/** `POST /v1/ice-servers` */
export function iceServersRoute({ issue, limitCalls, refuseRevoked, metrics }: IceServersRouteParts): RequestHandler {
  return (req, res) => {
    const request = parseInput(iceServersRequestSchema, req.body);
    const identity = identifyCaller(callerOf(res), localsOf(res).clientAddress, request);
    const subject = subjectOfBody(identity);
    if (subject !== undefined) limitCall(res, limitCalls, subject);
    refuseRevoked(identity);
    const { answer, placement, reason, opaqueUserId } = issue(request, identity);
    const { decisionId, region, nodes, spilledFrom, overloaded, ttlSeconds } = answer;
    metrics.countIssued({ region, reason, placement });
    localsOf(res).logged = {
      decisionId,
      region,
      nodes,
      spilledFrom,
      overloaded,
      ttlSeconds,
      reason,
      placedBy: placement.rung,
      user: opaqueUserId,
      callId: identity.callId,
    };
    answerJson(res, answer);
  };
}
