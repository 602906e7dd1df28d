import { iceServersRequestSchema } from '@turn-router/contract';
import type { RequestHandler } from 'express';
import type { IssueIceServers } from '../../issue-ice-servers.ts';
import type { LimitCalls } from '../../limits/limit-calls.ts';
import type { Metrics } from '../../metrics.ts';
import type { IsRevoked } from '../../revocation/revocation-gate.ts';
import { limitUser } from '../limit-call.ts';
import { callerOf, localsOf } from '../locals.ts';
import { parseInput } from '../parse-input.ts';
import { refuseRevoked } from '../refuse-revoked.ts';

export type IceServersRouteParts = {
  readonly issue: IssueIceServers;
  readonly limitCalls: LimitCalls;
  readonly isRevoked: IsRevoked;
  readonly metrics: Metrics;
};

/** `POST /v1/ice-servers` */
export function iceServersRoute({ issue, limitCalls, isRevoked, metrics }: IceServersRouteParts): RequestHandler {
  return (req, res) => {
    const request = parseInput(iceServersRequestSchema, req.body);
    limitUser(res, limitCalls, request);
    refuseRevoked(res, isRevoked, request);
    const issued = issue(request, localsOf(res).clientAddress, callerOf(res));
    const { decisionId, region, nodes, spilledFrom, overloaded, ttlSeconds } = issued.answer;
    metrics.countIssued({ ...issued, region });
    localsOf(res).logged = {
      decisionId,
      region,
      nodes,
      spilledFrom,
      overloaded,
      ttlSeconds,
      reason: issued.reason,
      placedBy: issued.placement.rung,
      user: issued.opaqueUserId,
      callId: issued.callId,
    };
    res.setHeader('Cache-Control', 'no-store');
    res.json(issued.answer);
  };
}
