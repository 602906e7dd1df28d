import { nodeIdSchema, nodeReportSchema, regionNameSchema, type NodeKey } from '@turn-router/contract/registry';
import type { ReportSink } from '@turn-router/registry';
import type { Request } from 'express';
import { z } from 'zod';
import { ProblemError } from '../../problem-error.ts';
import type { Routing } from '../../issue/routing.ts';
import { answer } from '../answer.ts';
import { orUnavailable } from '../or-unavailable.ts';
import { parseInput } from '../input.ts';
import type { PublicRoute } from '../public-route.ts';

export type NodeParts = { readonly registry: ReportSink; readonly routing: Routing };

const nodePathSchema = z.object({ region: regionNameSchema, id: nodeIdSchema });

const nodeQuerySchema = z.strictObject({
  ttlSeconds: z.coerce
    .number<string>()
    .int()
    .min(1)
    .max(300)
    .default(15)
    .meta({ description: 'How long the report holds unless it is sent again.' }),
});

const refusal = 'The registry cannot take the report now';

export const putNodeRoute: PublicRoute<NodeParts> = {
  method: 'put',
  path: '/v1/nodes/:region/:id',
  access: 'reporter',
  body: { schema: nodeReportSchema, required: true },
  operation: {
    summary: 'Report a TURN node',
    description:
      'From health-reporters that hold no Redis credentials, with the router’s REPORTER_TOKEN or the one that is made of it for this node. Exists only when the router has one.',
    params: nodePathSchema,
    query: nodeQuerySchema,
    answers: { 204: { description: 'Taken' } },
    problems: ['unknown_region', 'registry_unavailable'],
  },
  createHandler:
    ({ registry, routing }) =>
    async (req, res) => {
      const key = knownKey(req, routing);
      const { ttlSeconds } = parseInput(nodeQuerySchema, req.query);
      const report = parseInput(nodeReportSchema, req.body);
      await orUnavailable(registry.put(key, report, ttlSeconds * 1000), refusal);
      answer(res, { status: 204 });
    },
};

export const deleteNodeRoute: PublicRoute<NodeParts> = {
  method: 'delete',
  path: '/v1/nodes/:region/:id',
  access: 'reporter',
  operation: {
    summary: 'Take a TURN node away',
    params: nodePathSchema,
    answers: { 204: { description: 'Gone' } },
    problems: ['unknown_region', 'registry_unavailable'],
  },
  createHandler:
    ({ registry, routing }) =>
    async (req, res) => {
      await orUnavailable(registry.remove(knownKey(req, routing)), refusal);
      answer(res, { status: 204 });
    },
};

/** A node of a region that the policy does not know would never serve: its reporter is told, not left to wonder. */
function knownKey(req: Request, routing: Routing): NodeKey {
  const key = parseInput(nodePathSchema, req.params);
  const policy = routing.policy();
  if (!Object.hasOwn(policy.regions, key.region)) throw ProblemError.unknownRegion('region', policy);
  return key;
}
