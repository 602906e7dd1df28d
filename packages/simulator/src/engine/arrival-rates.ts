import type { Scenario } from '../scenario/scenario.ts';
import type { EventOf } from '../scenario/scenario-event.ts';
import type { ArrivalRates } from './arrivals.ts';

/** How the scenario's demand becomes requests. */
export function arrivalRates({ calls, demand, events }: Scenario, untilSecond: number): ArrivalRates {
  const times = events.filter((event) => event.type === 'demand-times');
  return {
    perMbps: 1 / (calls.bandwidth.meanMbps * calls.length.meanSeconds * calls.yield),
    factorAt: (second) =>
      times.reduce(
        (product, event) => (second >= event.atSecond && second < endOf(event) ? product * event.factor : product),
        1,
      ),
    jumpSeconds: [
      ...Object.values(demand.regions).flatMap((steps) => steps.map(({ atSecond }) => atSecond)),
      ...times.flatMap((event) => [event.atSecond, endOf(event)]),
    ],
    untilSecond,
  };
}

function endOf({ atSecond, forSeconds }: EventOf<'demand-times'>): number {
  return atSecond + (forSeconds ?? Number.POSITIVE_INFINITY);
}
