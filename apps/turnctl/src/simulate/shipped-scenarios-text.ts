import { findScenarioFiles } from './find-scenario-files.ts';
import { readScenarios } from './read-scenarios.ts';

/** Returns a line for each shipped scenario: its name and its title. */
export function shippedScenariosText(): string {
  const scenarios = readScenarios(findScenarioFiles([]));
  const longest = Math.max(...scenarios.map(({ name }) => name.length));
  return scenarios.map(({ name, title }) => `${name.padEnd(longest)}  ${title}\n`).join('');
}
