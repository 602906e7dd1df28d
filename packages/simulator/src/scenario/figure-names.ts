import type { Scenario } from './scenario.ts';
import { spillEdges } from './spill-edges.ts';

/** Returns the names of all figures that a run of this scenario measures. Claims use these names. */
export function figureNames({ policy, events, recovery }: Pick<Scenario, 'policy' | 'events' | 'recovery'>): string[] {
  const has = (type: Scenario['events'][number]['type']) => events.some((event) => event.type === type);
  return [
    'calls',
    'refused',
    'worstShareIn5s',
    'overloadedCallShare',
    ...under('peakToIdeal', ['p50', 'p99', 'max']),
    ...under('addedDistanceKm', ['mean', 'p99']),
    ...Object.keys(policy.regions).flatMap((name) => under(`regionLoad.${name}`, ['mean', 'p50', 'p99', 'max'])),
    ...spillEdges(policy).flatMap(({ name }) =>
      under(`spillShare.${name}`, ['mean', 'standardDeviation', 'max', 'largestStep']),
    ),
    ...(has('node-joins') ? under('special.joiner', ['peakToMean', 'largestShareOfFair']) : []),
    ...(has('node-lies') ? under('special.liar', ['peakToMean', 'toMeanAfter60s']) : []),
    ...(has('region-lost') ? under('special.lost', ['highestTargetLoad', 'highestTargetWhileRoom']) : []),
    ...(has('region-lost') || has('node-crashes') ? under('special.crashed', ['callsNotBegun']) : []),
    ...(recovery === undefined ? [] : under('special.recovery', ['seconds', 'overshoot'])),
  ];
}

function under(path: string, fields: readonly string[]): string[] {
  return fields.map((field) => `${path}.${field}`);
}
