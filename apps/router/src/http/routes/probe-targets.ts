import { probeTargetsAnswerSchema, probeTargetsQuerySchema } from '@turn-router/contract/http';
import { nodeIdSchema, publishedReportSchema, regionNameSchema } from '@turn-router/contract/registry';
import { z } from 'zod';
import type { ProbedFleet } from '../../fleet/probed-fleet.ts';
import { ProblemError } from '../../problem-error.ts';
import { answerJson } from '../answer.ts';
import { parseInput } from '../input.ts';
import { json } from '../openapi/operation.ts';
import type { PublicRoute } from '../public-route.ts';

export type ProbeTargetParts = { readonly probedFleet: ProbedFleet };

/** The prober is the node of the path, because the token is for this node. */
export const proberPathSchema = z.object({ region: regionNameSchema, id: nodeIdSchema });

/** A prober and the node that it probes. */
export const targetPathSchema = proberPathSchema.extend({ targetRegion: regionNameSchema, targetId: nodeIdSchema });

export const probeTargetsRoute: PublicRoute<ProbeTargetParts> = {
  method: 'get',
  path: '/v1/nodes/:region/:id/probe-targets',
  access: 'reporter',
  operation: {
    summary: 'List the nodes that a prober may have to probe',
    description:
      'For health-reporters without Redis credentials. Returns what the records of all nodes publish for callers. The prober computes its targets from them, as the router does. The response contains no load and no secret.',
    params: proberPathSchema,
    query: probeTargetsQuerySchema,
    answers: { 200: { description: 'One page of nodes', content: json(probeTargetsAnswerSchema) } },
  },
  createHandler:
    ({ probedFleet }) =>
    (req, res) => {
      parseInput(proberPathSchema, req.params);
      const { after } = parseInput(probeTargetsQuerySchema, req.query);
      answerJson(res, probedFleet.pageAfter(after));
    },
};

export const probeTargetRoute: PublicRoute<ProbeTargetParts> = {
  method: 'get',
  path: '/v1/nodes/:region/:id/probe-targets/:targetRegion/:targetId',
  access: 'reporter',
  operation: {
    summary: 'Read what one node publishes for callers',
    description: 'A prober reads it before each probe, because the node may have moved.',
    params: targetPathSchema,
    answers: { 200: { description: 'The node', content: json(publishedReportSchema) } },
    problems: ['unknown_node'],
  },
  createHandler:
    ({ probedFleet }) =>
    (req, res) => {
      const { targetRegion, targetId } = parseInput(targetPathSchema, req.params);
      const name = `${targetRegion}/${targetId}`;
      const published = probedFleet.publishedOf(name);
      if (published === undefined) throw new ProblemError('unknown_node', `No record of ${name}`);
      answerJson(res, published);
    },
};
