import { fleetQuerySchema } from '@turn-router/contract';
import type { RequestHandler } from 'express';
import type { FleetView } from '../../fleet/fleet-view.ts';
import { ProblemError } from '../../problem-error.ts';
import { answerJson } from '../answer.ts';
import { parseInput } from '../input.ts';

/** `GET /admin/v1/fleet` */
export function fleetRoute({ status }: Pick<FleetView, 'status'>): RequestHandler {
  return async (req, res) => {
    const query = parseInput(fleetQuerySchema, req.query);
    const fleet = await status(query);
    const { region } = query;
    if (region === undefined) return answerJson(res, fleet);
    const regions = fleet.regions.filter((each) => each.region === region);
    // A region that the policy does not name may have nodes all the same: they are shown, with the reason why they get no calls.
    if (regions.length === 0 && fleet.nodes.length === 0) {
      throw ProblemError.unknownRegionAmong(
        'region',
        fleet.regions.map((each) => each.region),
      );
    }
    answerJson(res, { ...fleet, regions });
  };
}
