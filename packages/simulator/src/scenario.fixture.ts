import { scenarioSchema, type Scenario } from './scenario/scenario.ts';

/** A region of two unequal nodes at 70 %, but for what is said otherwise. */
export function scenarioOf(changes: Readonly<Record<string, unknown>> = {}): Scenario {
  return scenarioSchema.parse({
    name: 'fixture',
    title: 'For tests',
    description: 'For tests',
    regions: {
      home: {
        nodes: [
          { count: 1, capacityMbps: 100 },
          { count: 1, capacityMbps: 50 },
        ],
      },
    },
    demand: { regions: { home: 0.7 } },
    ...changes,
  });
}
