import { parseYaml, type FileFault } from '@turn-router/settings';
import { scenarioSchema, type Scenario } from './scenario.ts';

export type ParsedScenario =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly faults: readonly FileFault[] };

/** Parses a scenario from YAML 1.2. JSON is valid too, because YAML includes JSON. Never throws. Returns all faults at once, with their lines. */
export function parseScenario(text: string): ParsedScenario {
  const parsed = parseYaml(text, scenarioSchema);
  return parsed.ok ? { ok: true, scenario: parsed.value } : parsed;
}
