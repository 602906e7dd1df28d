import { RegistryError } from '@turn-router/registry';
import { ProblemError } from '../problem-error.ts';

/** What the registry answers. @throws ProblemError `registry_unavailable` when it does not */
export async function orUnavailable<T>(
  work: Promise<T>,
  detail: string | ((error: RegistryError) => string),
): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (!(cause instanceof RegistryError)) throw cause;
    const text = typeof detail === 'string' ? detail : detail(cause);
    throw new ProblemError('registry_unavailable', text, { retryAfterSeconds: 1, cause });
  }
}
