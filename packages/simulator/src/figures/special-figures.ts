import type { SimulatedWorld } from '../engine/world.ts';
import type { ScenarioEvent } from '../scenario/scenario-event.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { createCrashFigures } from './crash-figures.ts';
import { createJoinerFigures } from './joiner-figures.ts';
import { createLiarFigures } from './liar-figures.ts';
import { createLostRegionFigures } from './lost-region-figures.ts';
import { createRecoveryFigures } from './recovery-figures.ts';
import type { SpecialFigure } from './special-figure.ts';

/** Creates the special figures of a scenario: for the first event of each type, and for its recovery. */
export function createSpecialFigures(scenario: Scenario, world: SimulatedWorld): SpecialFigure[] {
  const { events, recovery, demand, measuredFromSecond } = scenario;
  const figures = events
    .filter(({ type }, index) => events.findIndex((event) => event.type === type) === index)
    .flatMap((event) => figureOfEvent(event, scenario, world) ?? []);
  if (events.some(({ type }) => type === 'node-crashes' || type === 'region-lost')) {
    figures.push(createCrashFigures(measuredFromSecond));
  }
  if (recovery !== undefined) {
    const steps = demand.regions[recovery.region] ?? [];
    const settlesAt = steps.findLast(({ atSecond }) => atSecond <= recovery.fromSecond)?.factor ?? 0;
    figures.push(createRecoveryFigures({ ...recovery, settlesAt }));
  }
  return figures;
}

function figureOfEvent(event: ScenarioEvent, { policy }: Scenario, world: SimulatedWorld): SpecialFigure | undefined {
  const untilSecond =
    'forSeconds' in event && event.forSeconds !== undefined
      ? event.atSecond + event.forSeconds
      : Number.POSITIVE_INFINITY;
  const nodes = 'region' in event ? (world.regions.get(event.region)?.nodes ?? []) : [];
  switch (event.type) {
    case 'node-joins': {
      const joiner = nodes.find(({ isUp }) => !isUp);
      return joiner && createJoinerFigures(joiner, event.atSecond);
    }
    case 'node-lies': {
      const liar = nodes[event.node - 1];
      return liar && createLiarFigures(liar, event.atSecond, untilSecond);
    }
    case 'region-lost':
      return createLostRegionFigures({
        targets: (policy.regions[event.region]?.spillover ?? []).map(({ region }) => region),
        fromSecond: event.atSecond,
        untilSecond,
        startLoad: policy.spillover.start,
      });
    case 'node-crashes':
    case 'registry-frozen':
    case 'demand-times':
      return undefined;
  }
}
