import { locatedFaults } from '@turn-router/contract/http';
import { policySchema, type Policy } from '@turn-router/contract/policy';
import type { ScenarioFault } from './scenario-fault.ts';

/**
 * Completes the scenario's policy for the routers. A region that the policy omits gets the location 0, 0 and no spillover.
 */
export function policyOfScenario(
  draft: { readonly regions?: Readonly<Record<string, unknown>> | undefined },
  regionNames: readonly string[],
): { readonly ok: true; readonly policy: Policy } | { readonly ok: false; readonly faults: readonly ScenarioFault[] } {
  const defaults = Object.fromEntries(regionNames.map((name) => [name, { location: [0, 0] }]));
  const parsed = policySchema.safeParse({
    defaultRegion: regionNames[0],
    ...draft,
    regions: { ...defaults, ...draft.regions },
  });
  if (parsed.success) return { ok: true, policy: parsed.data };
  return {
    ok: false,
    faults: locatedFaults(parsed.error).map(({ path, detail }) => ({ path: ['policy', ...path], message: detail })),
  };
}
