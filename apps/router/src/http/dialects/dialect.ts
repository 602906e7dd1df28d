import type { RelayWishes } from '@turn-router/selection';
import type { Request } from 'express';
import type { ChooseForCaller, ChosenRelays } from '../../issue/routing.ts';
import type { Metrics } from '../../observe/metrics.ts';
import { answerJson } from '../answer.ts';
import { localsOf } from '../locals.ts';
import { callerRoute, type CallerGate, type CallerRoute, type NamedCaller, type PublicRoute } from '../public-route.ts';

/** Another system's question and answer, translated: its clients get the same relays as those of `/v1/ice-servers`, by the same rules. */
export type Dialect = {
  readonly route: Pick<CallerRoute<never, RelayWishes>, 'method' | 'path' | 'body' | 'operation'>;
  /** @throws ProblemError `invalid_request` */
  readonly readRequest: (req: Request) => RelayWishes & NamedCaller;
  /** The answer's JSON. */
  readonly writeAnswer: (decision: ChosenRelays['decision']) => unknown;
};

export type DialectParts = { readonly choose: ChooseForCaller; readonly metrics: Pick<Metrics, 'countIssued'> };

/** Makes the route of a dialect. Each answer counts as a call that will come, as everywhere. */
export function dialectRoute({ route, readRequest, writeAnswer }: Dialect): PublicRoute<DialectParts & CallerGate> {
  return callerRoute({
    ...route,
    readRequest,
    createAnswer:
      ({ choose, metrics }: DialectParts) =>
      (res, { caller, address }, wishes) => {
        const { placement, decision } = choose(address, caller.scope, wishes);
        const { region, reason, spilledFrom, overloaded } = decision;
        metrics.countIssued({ region, reason, placement });
        const nodes = decision.nodes.map(({ name }) => name);
        localsOf(res).logged = { region, nodes, spilledFrom, overloaded, reason, placedBy: placement.rung };
        answerJson(res, writeAnswer(decision));
      },
  });
}
