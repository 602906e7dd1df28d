import type { Policy } from '@turn-router/contract/policy';
import { figureNames } from './figure-names.ts';
import type { ScenarioEvent } from './scenario-event.ts';
import type { ScenarioFault } from './scenario-fault.ts';
import type { Scenario } from './scenario.ts';

/** Checks the rules between a scenario's settings. */
export function findScenarioFaults(scenario: Scenario): ScenarioFault[] {
  return [
    ...findMisorderedTimes(scenario),
    ...findUnorderedSteps(scenario),
    ...findUnknownRegions(scenario),
    ...findUnknownNodes(scenario),
    ...findUnknownFigures(scenario),
  ];
}

function findMisorderedTimes({ durationSeconds, measuredFromSecond, events, recovery }: Scenario): ScenarioFault[] {
  const moments: ScenarioFault['path'][] = [];
  if (measuredFromSecond >= durationSeconds) moments.push(['measuredFromSecond']);
  for (const [index, event] of events.entries()) {
    if (event.atSecond >= durationSeconds) moments.push(['events', index, 'atSecond']);
  }
  if (recovery !== undefined && recovery.fromSecond >= durationSeconds) moments.push(['recovery', 'fromSecond']);
  return moments.map((path) => ({ path, message: `Too big: expected less than durationSeconds (${durationSeconds})` }));
}

function findUnorderedSteps({ demand, routers }: Scenario): ScenarioFault[] {
  const lists: [path: string[], steps: readonly { readonly atSecond: number }[]][] = [
    [['routers', 'replicas'], routers.replicas],
    ...Object.entries(demand.regions).map(([name, steps]): [string[], typeof steps] => [
      ['demand', 'regions', name],
      steps,
    ]),
  ];
  return lists.flatMap(([path, steps]) =>
    steps.flatMap(({ atSecond }, index) => {
      const before = steps[index - 1]?.atSecond;
      const isInOrder = before === undefined ? atSecond === 0 : atSecond > before;
      const expected = before === undefined ? '0 for the first step' : `more than the step before (${before})`;
      return isInOrder
        ? []
        : [{ path: [...path, index, 'atSecond'], message: `Out of order (${atSecond}): expected ${expected}` }];
    }),
  );
}

function findUnknownRegions({ regions, policy, demand, events, recovery }: Scenario): ScenarioFault[] {
  const named: [path: ScenarioFault['path'], region: string][] = [
    ...Object.keys(policy.regions).map((name): [string[], string] => [['policy', 'regions', name], name]),
    ...Object.keys(demand.regions).map((name): [string[], string] => [['demand', 'regions', name], name]),
    ...events.flatMap((event, index): [(string | number)[], string][] =>
      'region' in event ? [[['events', index, 'region'], event.region]] : [],
    ),
  ];
  if (recovery !== undefined) named.push([['recovery', 'region'], recovery.region]);
  return named
    .filter(([, region]) => !Object.hasOwn(regions, region))
    .map(([path, region]) => ({
      path,
      message: `Unknown region "${region}": expected one of ${Object.keys(regions).join(', ')}`,
    }));
}

function findUnknownNodes({ regions, events }: Scenario): ScenarioFault[] {
  return events.flatMap((event, index) => {
    if (!('node' in event) || !Object.hasOwn(regions, event.region)) return [];
    const count = nodeCount(regions, events, event.region);
    return event.node <= count
      ? []
      : [{ path: ['events', index, 'node'], message: `Unknown node: expected 1 to ${count}` }];
  });
}

function nodeCount(regions: Scenario['regions'], events: readonly ScenarioEvent[], region: string): number {
  const joiners = events.filter((event) => event.type === 'node-joins' && event.region === region).length;
  return (regions[region]?.nodes ?? []).reduce((sum, { count }) => sum + count, joiners);
}

function findUnknownFigures(scenario: Scenario & { readonly policy: Policy }): ScenarioFault[] {
  const known = figureNames(scenario);
  return scenario.claims.flatMap(({ figure }, index) =>
    known.includes(figure)
      ? []
      : [
          {
            path: ['claims', index, 'figure'],
            message: `Unknown figure "${figure}": expected one of ${known.join(', ')}`,
          },
        ],
  );
}
