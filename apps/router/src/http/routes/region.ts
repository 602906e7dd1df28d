import { regionAnswerSchema, type RegionAnswer } from '@turn-router/contract/http';
import type { GeoLocator } from '@turn-router/geo';
import { targetsOf } from '@turn-router/selection';
import { placeAddress, type Routing } from '../../issue/routing.ts';
import { answerJson } from '../answer.ts';
import { localsOf } from '../locals.ts';
import { json } from '../openapi/operation.ts';
import { callerRoute, readNothing } from '../public-route.ts';

export type RegionParts = { readonly geo: GeoLocator; readonly routing: Routing };

export const regionRoute = callerRoute({
  method: 'get',
  path: '/v1/region',
  operation: {
    summary: 'Get the caller’s home region and its spillover targets',
    answers: { 200: { description: 'Region', content: json(regionAnswerSchema) } },
  },
  readRequest: readNothing,
  createAnswer:
    ({ geo, routing }: RegionParts) =>
    (res, { caller, address }) => {
      const placement = placeAddress(address, caller.scope, geo, routing);
      const { home: region, rung: reason } = placement;
      const answer: RegionAnswer = { region, reason, fallbacks: targetsOf(placement, routing.policy()) };
      localsOf(res).logged = { region, placedBy: reason };
      answerJson(res, answer);
    },
});
