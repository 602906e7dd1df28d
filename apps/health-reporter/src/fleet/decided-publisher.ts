import type { NodeReport } from '@turn-router/contract/registry';
import type { ProbeThresholds } from '../health/health-state.ts';
import type { ReportPublisher } from '../publish/report-publisher.ts';

/**
 * Publishes the reports of one node. After the start, it withholds `unhealthy` until enough probes have run. Until then the record of the
 * previous process stays. So a restart of the watch removes no node.
 *
 * @param onDecided called with the status of each published report
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
