import { nodeIdSchema, nodeReportSchema, regionNameSchema, type NodeKey } from '@turn-router/contract/registry';
import type { ReportSink } from '@turn-router/registry';
import type { Request, RequestHandler } from 'express';
import { z } from 'zod';
import { ProblemError } from '../../problem-error.ts';
import type { Routing } from '../../routing.ts';
import { answer } from '../answer.ts';
import { orUnavailable } from '../or-unavailable.ts';
import { parseInput } from '../input.ts';

export const nodePathSchema = z.object({ region: regionNameSchema, id: nodeIdSchema });

export const nodeQuerySchema = z.strictObject({
  ttlSeconds: z.coerce
    .number<string>()
    .int()
    .min(1)
    .max(300)
    .default(15)
    .meta({ description: 'How long the report holds unless it is sent again.' }),
});

const refusal = 'The registry cannot take the report now';

/** `PUT /v1/nodes/{region}/{id}` */
export function putNodeRoute(registry: ReportSink, routing: Routing): RequestHandler {
  return async (req, res) => {
    const key = knownKey(req, routing);
    const { ttlSeconds } = parseInput(nodeQuerySchema, req.query);
    const report = parseInput(nodeReportSchema, req.body);
    await orUnavailable(registry.put(key, report, ttlSeconds * 1000), refusal);
    answer(res, { status: 204 });
  };
}

/** `DELETE /v1/nodes/{region}/{id}` */
export function deleteNodeRoute(registry: ReportSink, routing: Routing): RequestHandler {
  return async (req, res) => {
    await orUnavailable(registry.remove(knownKey(req, routing)), refusal);
    answer(res, { status: 204 });
  };
}

/** A node of a region that the policy does not know would never serve: its reporter is told, not left to wonder. */
function knownKey(req: Request, routing: Routing): NodeKey {
  const key = parseInput(nodePathSchema, req.params);
  const policy = routing.policy();
  if (!Object.hasOwn(policy.regions, key.region)) throw ProblemError.unknownRegion('region', policy);
  return key;
}
