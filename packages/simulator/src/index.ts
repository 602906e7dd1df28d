export { parseScenario, type ParsedScenario } from './scenario/parse-scenario.ts';
export { scenarioSchema, type Scenario } from './scenario/scenario.ts';
export { shippedScenariosFolder } from './shipped-scenarios.ts';
export { simulate, type SimulationOptions, type SimulationProgress } from './simulate.ts';
export {
  strategyNames,
  type ClaimResult,
  type Distribution,
  type RunFigures,
  type RunSeries,
  type SimulationResult,
  type StrategyName,
  type StrategyResult,
} from './simulation-result.ts';
