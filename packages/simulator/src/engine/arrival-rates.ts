import type { Scenario } from '../scenario/scenario.ts';
import type { EventOf } from '../scenario/scenario-event.ts';
import type { ArrivalRates } from './arrivals.ts';

/** Converts the scenario's demand to request rates. */
export function arrivalRates({ calls, demand, events }: Scenario, untilSecond: number): ArrivalRates {
  const demandEvents = events.filter((event) => event.type === 'demand-times');
  return {
    perMbps: 1 / (calls.bandwidth.meanMbps * calls.length.meanSeconds * calls.yield),
    factorAt: (second) =>
      demandEvents.reduce(
        (product, event) => (second >= event.atSecond && second < endOf(event) ? product * event.factor : product),
        1,
      ),
    jumpSeconds: [
      ...Object.values(demand.regions).flatMap((steps) => steps.map(({ atSecond }) => atSecond)),
      ...demandEvents.flatMap((event) => [event.atSecond, endOf(event)]),
    ],
    untilSecond,
  };
}

function endOf({ atSecond, forSeconds }: EventOf<'demand-times'>): number {
  return atSecond + (forSeconds ?? Number.POSITIVE_INFINITY);
}
