import { policySchema, type Policy } from '@turn-router/contract/policy';
import { parseYaml, type FileFault } from './parse-yaml.ts';

export type ParsedPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly faults: readonly FileFault[] };

/** Reads a policy from YAML 1.2. JSON is valid too, because YAML includes JSON. Never throws. See `parseYaml` for the faults. */
export function parsePolicy(text: string): ParsedPolicy {
  const parsed = parseYaml(text, policySchema);
  return parsed.ok ? { ok: true, policy: parsed.value } : parsed;
}
