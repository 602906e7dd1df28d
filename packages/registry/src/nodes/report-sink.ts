import { RegistryError } from '../registry-error.ts';
import type { NodeRegistry } from './node-registry.ts';

/** Where a router puts the reports that come to it over HTTP. */
export type ReportSink = Pick<NodeRegistry, 'put' | 'remove'>;

/**
 * One place for all reports where there are several registries: the first that takes a report has it, since every router reads them all.
 * Both calls reject with the last registry's RegistryError when none takes it.
 *
 * @param registries at least one
 */
export function createReportSink(registries: readonly ReportSink[]): ReportSink {
  return {
    async put(key, report, ttlMs) {
      await firstToTake(registries, (registry) => registry.put(key, report, ttlMs));
    },
    async remove(key) {
      // It may have been put into any of them; one that is away lets go of it by itself.
      const outcomes = await Promise.allSettled(registries.map((registry) => registry.remove(key)));
      const failures = outcomes.filter((outcome) => outcome.status === 'rejected');
      if (failures.length === outcomes.length) throw failures.at(-1)?.reason;
    },
  };
}

async function firstToTake(
  [registry, ...others]: readonly ReportSink[],
  give: (registry: ReportSink) => Promise<void>,
): Promise<void> {
  if (registry === undefined) throw new RegistryError('unavailable', 'There is no registry');
  try {
    await give(registry);
  } catch (error) {
    if (others.length === 0 || !(error instanceof RegistryError)) throw error;
    await firstToTake(others, give);
  }
}
