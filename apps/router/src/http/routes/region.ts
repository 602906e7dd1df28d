import type { Policy, RegionAnswer } from '@turn-router/contract';
import type { GeoLocator } from '@turn-router/geo';
import type { RequestHandler } from 'express';
import { locateCaller } from '../../locate-caller.ts';
import type { Routing } from '../../routing.ts';
import { localsOf } from '../locals.ts';

/** `GET /v1/region` */
export function regionRoute(geo: GeoLocator, routing: Routing): RequestHandler {
  return (_req, res) => {
    const { policy, placeCaller } = routing.state();
    const { region, rung } = locateCaller(localsOf(res).clientAddress, geo, placeCaller);
    const answer: RegionAnswer = {
      region,
      reason: rung,
      fallbacks: fallbacksOf(region, policy),
    };
    localsOf(res).logged = { region, placedBy: rung };
    res.setHeader('Cache-Control', 'no-store');
    res.json(answer);
  };
}

/** The targets of its spillover, but those that are switched off. */
function fallbacksOf(region: string, { regions }: Policy): string[] {
  const targets = regions[region]?.spillover.map((target) => target.region) ?? [];
  return targets.filter((target) => regions[target]?.enabled);
}
