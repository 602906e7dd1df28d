import { RegistryError } from '../registry-error.ts';
import type { NodeRegistry } from './node-registry.ts';

/** Stores the reports that a router receives over HTTP. */
export type ReportSink = Pick<NodeRegistry, 'put' | 'remove'>;

/**
 * Combines several registries into one sink. A report goes into the first registry that accepts it. One registry is enough, because every
 * router reads all registries. Both calls reject with the last registry's RegistryError when all registries fail.
 *
 * @param registries at least one
 */
export function createReportSink(registries: readonly ReportSink[]): ReportSink {
  return {
    async put(key, report, ttlMs) {
      await tryInOrder(registries, (registry) => registry.put(key, report, ttlMs));
    },
    async remove(key) {
      // Any registry may hold the report. In an unreachable registry the report expires.
      const outcomes = await Promise.allSettled(registries.map((registry) => registry.remove(key)));
      const failures = outcomes.filter((outcome) => outcome.status === 'rejected');
      if (failures.length === outcomes.length) throw failures.at(-1)?.reason;
    },
  };
}

async function tryInOrder(
  [registry, ...others]: readonly ReportSink[],
  call: (registry: ReportSink) => Promise<void>,
): Promise<void> {
  if (registry === undefined) throw new RegistryError('unavailable', 'There is no registry');
  try {
    await call(registry);
  } catch (error) {
    if (others.length === 0 || !(error instanceof RegistryError)) throw error;
    await tryInOrder(others, call);
  }
}
