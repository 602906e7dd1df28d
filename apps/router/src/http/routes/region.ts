import type { Policy, RegionAnswer } from '@turn-router/contract';
import type { GeoLocator } from '@turn-router/geo';
import { allowedRegions, isAllowedRegion, type PlacedCaller } from '@turn-router/selection';
import type { RequestHandler } from 'express';
import { locateCaller } from '../../locate-caller.ts';
import type { Routing } from '../../routing.ts';
import { answerJson } from '../answer.ts';
import { callerOf, localsOf } from '../locals.ts';

/** `GET /v1/region` */
export function regionRoute(geo: GeoLocator, routing: Routing): RequestHandler {
  return (_req, res) => {
    const caller = locateCaller(localsOf(res).clientAddress, callerOf(res).scope, geo);
    const { region, rung, movedFrom } = routing.placeCaller(caller);
    const answer: RegionAnswer = {
      region,
      reason: rung,
      fallbacks: fallbacksOf(
        region,
        { homeRegion: movedFrom ?? region, country: caller.country, regions: caller.regions },
        routing.policy(),
      ),
    };
    localsOf(res).logged = { region, placedBy: rung };
    answerJson(res, answer);
  };
}

/** The targets of its spillover, but those that are switched off and those that the caller may not use. */
function fallbacksOf(region: string, caller: PlacedCaller, policy: Policy): string[] {
  const allowed = allowedRegions(caller, policy);
  const targets = policy.regions[region]?.spillover.map((target) => target.region) ?? [];
  return targets.filter((target) => policy.regions[target]?.enabled && isAllowedRegion(target, allowed));
}
