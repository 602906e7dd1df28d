import type { Policy } from '@turn-router/contract/policy';
import { PolicySourceError, type PolicySource, type PolicyVersion } from '@turn-router/registry';
import { ParseThreadError, parsePolicyWithoutBlocking } from '@turn-router/settings';
import { findWeaker } from './find-weaker.ts';
import { PolicyError } from './policy-error.ts';

/** A policy, and its version. */
export type ReadPolicy = Pick<PolicyVersion, 'version' | 'sha256' | 'text'> & { readonly policy: Policy };

/** Maximum number of lost parts in one refusal. */
const lostMax = 50;

/** @throws PolicyError */
export async function readPolicy(source: Pick<PolicySource, 'place' | 'current'>): Promise<ReadPolicy> {
  return parseVersion(source.place, await currentOf(source));
}

/** @throws PolicyError */
export async function currentOf(source: Pick<PolicySource, 'current'>): Promise<PolicyVersion> {
  try {
    return await source.current();
  } catch (cause) {
    if (!(cause instanceof PolicySourceError)) throw cause;
    throw new PolicyError(cause.message, { cause: cause.cause });
  }
}

/** @param place the name of the source in messages @throws PolicyError */
export async function parseVersion(place: string, { version, text, sha256 }: PolicyVersion): Promise<ReadPolicy> {
  const parsed = await parseText(place, text, sha256);
  if (parsed.ok) return { policy: parsed.policy, version, sha256, text };
  const lines = parsed.faults.map(
    ({ line, field, detail }) => `${place}:${line}: ${field === '' ? '' : `${field}: `}${detail}`,
  );
  throw new PolicyError(lines.join('\n'), { sha256, version });
}

/**
 * Refuses a policy that drops residency, a limit or a bound of the policy in force, unless its `allowWeaker` has the hash of the policy in force.
 *
 * @throws PolicyError that names the lost parts, and the value of `allowWeaker`
 */
export function assertNotWeaker(place: string, inForce: Pick<ReadPolicy, 'policy' | 'sha256'>, next: ReadPolicy): void {
  if (next.policy.allowWeaker === inForce.sha256) return;
  const lost = findWeaker(inForce.policy, next.policy);
  if (lost.length === 0) return;
  const lines = lost.slice(0, lostMax).map(({ field, detail }) => `${place}: ${field}: ${detail}`);
  if (lost.length > lostMax) lines.push(`${place}: and ${lost.length - lostMax} more lost parts`);
  lines.push(`${place}: allowWeaker: Missing or different: to drop these parts, set it to ${inForce.sha256}`);
  throw new PolicyError(lines.join('\n'), { sha256: next.sha256, version: next.version });
}

async function parseText(place: string, text: string, sha256: string) {
  try {
    return await parsePolicyWithoutBlocking(text);
  } catch (cause) {
    if (!(cause instanceof ParseThreadError)) throw cause;
    throw new PolicyError(`${place}: ${cause.message}`, { sha256, cause });
  }
}
