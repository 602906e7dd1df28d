import { RegistryError } from '@turn-router/registry';
import { ProblemError } from '../problem-error.ts';

/**
 * Awaits a registry operation.
 *
 * @throws ProblemError `registry_unavailable` (503) for a `RegistryError`
 */
export async function registryErrorsAs503<T>(
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
