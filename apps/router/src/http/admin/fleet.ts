import { fleetAnswerSchema, fleetQuerySchema } from '@turn-router/contract/admin';
import type { FleetView } from '../../fleet/fleet-view.ts';
import { ProblemError } from '../../problem-error.ts';
import { answerJson } from '../answer.ts';
import { parseInput } from '../input.ts';
import { json } from '../openapi/operation.ts';
import type { AdminRoute } from './admin-router.ts';

export type FleetRouteParts = { readonly fleet: Pick<FleetView, 'status'> };

export const fleetRoute: AdminRoute<FleetRouteParts> = {
  method: 'get',
  path: '/admin/v1/fleet',
  role: 'viewer',
  operation: {
    summary: 'Get the current state of regions and nodes',
    description: 'Shows the fleet as one process sees it. If the router has several workers, any worker may respond.',
    query: fleetQuerySchema,
    answers: { 200: { description: 'The fleet', content: json(fleetAnswerSchema) } },
    problems: ['unknown_region', 'worker_unavailable'],
  },
  createHandler:
    ({ fleet }) =>
    async (req, res) => {
      const query = parseInput(fleetQuerySchema, req.query);
      const shown = await fleet.status(query);
      if (query.region !== undefined && shown.regions.length === 0) {
        throw ProblemError.unknown('region', 'Unknown region: the policy lacks it, and no node reports for it');
      }
      answerJson(res, shown);
    },
};
