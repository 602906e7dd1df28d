import { findScenarioFiles } from './find-scenario-files.ts';
import { readScenarios } from './read-scenarios.ts';

/** A line for each scenario that comes with the simulator: its name and what it shows. */
export function shippedScenariosText(): string {
  const scenarios = readScenarios(findScenarioFiles([]));
  const longest = Math.max(...scenarios.map(({ name }) => name.length));
  return scenarios.map(({ name, title }) => `${name.padEnd(longest)}  ${title}\n`).join('');
}
