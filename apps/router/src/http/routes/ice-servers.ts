import { iceServersAnswerSchema, iceServersRequestSchema } from '@turn-router/contract/http';
import type { IssueIceServers } from '../../issue/issue-ice-servers.ts';
import type { Metrics } from '../../observe/metrics.ts';
import { answerJson } from '../answer.ts';
import { parseInput } from '../input.ts';
import { localsOf } from '../locals.ts';
import { json } from '../openapi/operation.ts';
import { callerRoute } from '../public-route.ts';

export type IceServersParts = { readonly issue: IssueIceServers; readonly metrics: Pick<Metrics, 'countIssuedAnswer'> };

export const iceServersRoute = callerRoute({
  method: 'post',
  path: '/v1/ice-servers',
  body: { schema: iceServersRequestSchema, required: false },
  operation: {
    summary: 'Get ICE servers for a call',
    description:
      'Picks the best relay for the client address and signs a credential for it. A missing body equals `{}`.',
    answers: { 200: { description: 'ICE servers', content: json(iceServersAnswerSchema) } },
    problems: ['unknown_region', 'region_forbidden', 'no_relay_available', 'region_unavailable', 'fleet_overloaded'],
  },
  readRequest: ({ body }) => parseInput(iceServersRequestSchema, body),
  createAnswer:
    ({ issue, metrics }: IceServersParts) =>
    (res, identity, request) => {
      const { answer, placement, reason, opaqueUserId } = issue(request, identity);
      const { decisionId, region, nodes, spilledFrom, overloaded, ttlSeconds } = answer;
      metrics.countIssuedAnswer({ region, reason, placement });
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
    },
});
