import type { NodeReport } from '@turn-router/contract/registry';
import type { ReportPublisher } from '../publish/report-publisher.ts';

/**
 * Publishes one node's reports, and repeats the identical report while nothing has changed. Figures arrive only every few minutes. Routers
 * would otherwise see a node whose load never moves although it gets calls, and treat its figures as implausible.
 *
 * @param responses the number of Prometheus responses so far: equal figures of a new response are published as a new report, so that
 *   routers can recognize a node whose figures never change
 */
export function createSteadyPublisher(publisher: ReportPublisher, responses: () => number): ReportPublisher {
  let last: { readonly content: string; readonly report: NodeReport } | undefined;
  return {
    put(key, report, ttlMs) {
      const content = `${responses()} ${contentOf(report)}`;
      if (last?.content !== content) last = { content, report };
      return publisher.put(key, last.report, ttlMs);
    },
    remove: (key) => publisher.remove(key),
    [Symbol.asyncDispose]: () => publisher[Symbol.asyncDispose](),
  };
}

/** The report without the fields that differ in each one, such as latencies. The probe results count while the node is not healthy. */
function contentOf({
  seq: _seq,
  reported_at: _reportedAt,
  clock_offset_ms: _offset,
  probe,
  ...rest
}: NodeReport): string {
  return JSON.stringify([rest, rest.status === 'healthy' ? certificateDays(probe) : probe]);
}

/** The days left of each path's certificate: each new day makes a new report. */
function certificateDays(probe: NodeReport['probe']): unknown[] {
  return Object.values(probe ?? {}).map((path) =>
    typeof path === 'object' && path !== null && 'certificate_days_left' in path
      ? path.certificate_days_left
      : undefined,
  );
}
