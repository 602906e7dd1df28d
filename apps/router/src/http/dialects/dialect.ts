import type { RelayWishes } from '@turn-router/selection';
import type { Request } from 'express';
import type { PlaceAndChoose, ChosenRelays } from '../../issue/routing.ts';
import type { Metrics } from '../../observe/metrics.ts';
import { answerJson } from '../answer.ts';
import { localsOf } from '../locals.ts';
import { callerRoute, type CallerGate, type CallerRoute, type NamedCaller, type PublicRoute } from '../public-route.ts';

/** Translates the wire format of another program. Clients of that program get the same relays as callers of `/v1/ice-servers`, by the same rules. */
export type Dialect = {
  readonly route: Pick<CallerRoute<never, RelayWishes>, 'method' | 'path' | 'body' | 'operation'>;
  /** @throws ProblemError `invalid_request` */
  readonly readRequest: (req: Request) => RelayWishes & NamedCaller;
  /** Returns the response, which is sent as JSON. */
  readonly writeAnswer: (decision: ChosenRelays['decision']) => unknown;
};

export type DialectParts = {
  readonly placeAndChoose: PlaceAndChoose;
  readonly metrics: Pick<Metrics, 'countIssuedAnswer'>;
};

/** Creates the route of a dialect. As on every route, each response counts as one expected call. */
export function dialectRoute({ route, readRequest, writeAnswer }: Dialect): PublicRoute<DialectParts & CallerGate> {
  return callerRoute({
    ...route,
    readRequest,
    createAnswer:
      ({ placeAndChoose, metrics }: DialectParts) =>
      (res, { caller, address }, wishes) => {
        const { placement, decision } = placeAndChoose(address, caller.scope, wishes);
        const { region, reason, spilledFrom, overloaded } = decision;
        metrics.countIssuedAnswer({ region, reason, placement });
        const nodes = decision.nodes.map(({ name }) => name);
        localsOf(res).logged = { region, nodes, spilledFrom, overloaded, reason, placedBy: placement.rung };
        answerJson(res, writeAnswer(decision));
      },
  });
}
