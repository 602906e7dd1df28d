import { nodeIdSchema, nodeReportSchema, regionNameSchema, type NodeKey } from '@turn-router/contract/registry';
import type { ReportSink } from '@turn-router/registry';
import type { Request } from 'express';
import { z } from 'zod';
import { ProblemError } from '../../problem-error.ts';
import type { Routing } from '../../issue/routing.ts';
import { answer } from '../answer.ts';
import { registryErrorsAs503 } from '../registry-errors-as-503.ts';
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
    .meta({ description: 'Time in seconds after which the report expires.' }),
});

const registryFailureDetail = 'The registry cannot store the change now';

export const putNodeRoute: PublicRoute<NodeParts> = {
  method: 'put',
  path: '/v1/nodes/:region/:id',
  access: 'reporter',
  body: { schema: nodeReportSchema, required: true },
  operation: {
    summary: 'Report a TURN node',
    description:
      'For health-reporters without Redis credentials. Requires the router’s REPORTER_TOKEN, or the node’s own token, which turnctl node-token derives from REPORTER_TOKEN. The route exists only if REPORTER_TOKEN is set.',
    params: nodePathSchema,
    query: nodeQuerySchema,
    answers: { 204: { description: 'The report is stored' } },
    problems: ['unknown_region', 'registry_unavailable'],
  },
  createHandler:
    ({ registry, routing }) =>
    async (req, res) => {
      const key = parseKnownNodeKey(req, routing);
      const { ttlSeconds } = parseInput(nodeQuerySchema, req.query);
      const report = parseInput(nodeReportSchema, req.body);
      await registryErrorsAs503(registry.put(key, report, ttlSeconds * 1000), registryFailureDetail);
      answer(res, { status: 204 });
    },
};

export const deleteNodeRoute: PublicRoute<NodeParts> = {
  method: 'delete',
  path: '/v1/nodes/:region/:id',
  access: 'reporter',
  operation: {
    summary: 'Remove a TURN node',
    params: nodePathSchema,
    answers: { 204: { description: 'The node is removed' } },
    problems: ['unknown_region', 'registry_unavailable'],
  },
  createHandler:
    ({ registry, routing }) =>
    async (req, res) => {
      await registryErrorsAs503(registry.remove(parseKnownNodeKey(req, routing)), registryFailureDetail);
      answer(res, { status: 204 });
    },
};

/**
 * Parses the node key of the path.
 *
 * @throws ProblemError `unknown_region` if the policy lacks the region, because the node would never be used
 */
function parseKnownNodeKey(req: Request, routing: Routing): NodeKey {
  const key = parseInput(nodePathSchema, req.params);
  const policy = routing.policy();
  if (!Object.hasOwn(policy.regions, key.region)) throw ProblemError.unknownRegion('region', policy);
  return key;
}
