import type { NodeReport } from '@turn-router/contract/registry';
import type { ProbeThresholds } from '../health/health-state.ts';
import type { ReportPublisher } from '../publish/report-publisher.ts';

/**
 * Publishes one node's reports but those that say `unhealthy` before enough probes have been made to know. Meanwhile stands what the
 * process before this one has said, so that a new start of the one that watches takes no node away.
 *
 * @param onDecided told the status of each report that is published
 */
export function createDecidedPublisher(
  publisher: ReportPublisher,
  { success, failure }: ProbeThresholds,
  onDecided: (status: NodeReport['status']) => void,
): ReportPublisher {
  const reportsUntilDecided = Math.max(success, failure);
  let reports = 0;
  return {
    put(key, report, ttlMs) {
      reports += 1;
      if (report.status === 'unhealthy' && reports < reportsUntilDecided) return Promise.resolve();
      onDecided(report.status);
      return publisher.put(key, report, ttlMs);
    },
    remove: (key) => publisher.remove(key),
    [Symbol.asyncDispose]: () => publisher[Symbol.asyncDispose](),
  };
}
