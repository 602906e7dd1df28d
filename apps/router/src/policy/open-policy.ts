import type { PolicySource } from '@turn-router/registry';
import type { KeptText } from './kept-policy.ts';
import type { PolicyStart } from './watch-policy.ts';
import { PolicyError } from './policy-error.ts';
import { assertNotWeaker, parseVersion, readPolicy, type ReadPolicy } from './read-policy.ts';

/**
 * Reads the policy at the start. If the policy of the source is unusable, or weaker than the policy that was kept, the kept policy is used.
 *
 * @throws PolicyError if the policy of the source is unusable and there is no usable kept policy
 */
export async function openPolicy(
  source: Pick<PolicySource, 'place' | 'current'>,
  restored: KeptText | undefined,
): Promise<PolicyStart> {
  const found = restored === undefined ? undefined : await parseKept(restored);
  const keptFault = found instanceof PolicyError ? found : undefined;
  const kept = found instanceof PolicyError ? undefined : found;
  try {
    const read = await readPolicy(source);
    if (kept !== undefined && kept.sha256 !== read.sha256) assertNotWeaker(source.place, kept, read);
    return { inForce: read, keptFault };
  } catch (error) {
    if (kept === undefined || !(error instanceof PolicyError)) throw error;
    return { inForce: kept, refusal: error };
  }
}

/** Returns the fault if the kept policy is invalid, for example because another version of the router has kept it. */
async function parseKept({ text, sha256 }: KeptText): Promise<ReadPolicy | PolicyError> {
  try {
    // The versions of the source start at 1.
    return await parseVersion('kept policy', {
      text,
      sha256,
      version: 0,
      appliedAtMs: 0,
      actor: undefined,
      reason: undefined,
    });
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
}
