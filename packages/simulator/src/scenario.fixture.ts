import { scenarioSchema, type Scenario } from './scenario/scenario.ts';

/** Creates a scenario with one region of two unequal nodes at 70 %, with these changes. */
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
