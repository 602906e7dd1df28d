import { locatedFaults } from '@turn-router/contract/http';
import { policySchema, type Policy } from '@turn-router/contract/policy';
import type { ScenarioFault } from './scenario-fault.ts';

/**
 * The policy that routers of a scenario run: what the scenario says of it, and for each region that it leaves out a place in the Gulf of
 * Guinea and no spillover.
 */
export function policyOfScenario(
  draft: { readonly regions?: Readonly<Record<string, unknown>> | undefined },
  regionNames: readonly string[],
): { readonly ok: true; readonly policy: Policy } | { readonly ok: false; readonly faults: readonly ScenarioFault[] } {
  const unsaid = Object.fromEntries(regionNames.map((name) => [name, { location: [0, 0] }]));
  const parsed = policySchema.safeParse({
    defaultRegion: regionNames[0],
    ...draft,
    regions: { ...unsaid, ...draft.regions },
  });
  if (parsed.success) return { ok: true, policy: parsed.data };
  return {
    ok: false,
    faults: locatedFaults(parsed.error).map(({ path, detail }) => ({ path: ['policy', ...path], message: detail })),
  };
}
