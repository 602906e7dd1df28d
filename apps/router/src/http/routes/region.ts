import type { RegionAnswer } from '@turn-router/contract/http';
import type { GeoLocator } from '@turn-router/geo';
import { fallbacksOf } from '@turn-router/selection';
import type { RequestHandler } from 'express';
import { placeAddress } from '../../routing.ts';
import type { Routing } from '../../routing.ts';
import { answerJson } from '../answer.ts';
import { callerOf, localsOf } from '../locals.ts';

/** `GET /v1/region` */
export function regionRoute(geo: GeoLocator, routing: Routing): RequestHandler {
  return (_req, res) => {
    const placement = placeAddress(localsOf(res).clientAddress, callerOf(res).scope, geo, routing);
    const { home: region, rung: reason } = placement;
    const answer: RegionAnswer = { region, reason, fallbacks: fallbacksOf(placement, routing.policy()) };
    localsOf(res).logged = { region, placedBy: reason };
    answerJson(res, answer);
  };
}
