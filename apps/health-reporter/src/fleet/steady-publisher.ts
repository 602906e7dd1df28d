import type { NodeReport } from '@turn-router/contract/registry';
import type { ReportPublisher } from '../publish/report-publisher.ts';

/**
 * Publishes the reports of one node, and repeats the identical report while nothing has changed. Figures of Prometheus arrive only every few
 * minutes. New reports with the same figures would look implausible to routers, because the node gets calls meanwhile.
 *
 * @param responses returns the number of Prometheus responses so far. If a new response has the same figures, they are published as a new
 *   report. So routers can detect a node whose figures never change.
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

/** Returns the report without the fields that differ in each report, such as latencies. If the node is not healthy, the probe results are kept. */
function contentOf({
  seq: _seq,
  reported_at: _reportedAt,
  clock_offset_ms: _offset,
  probe,
  ...rest
}: NodeReport): string {
  return JSON.stringify([rest, rest.status === 'healthy' ? certificateDays(probe) : probe]);
}

/** Returns the days left of each path's certificate. So the report is new on each new day. */
function certificateDays(probe: NodeReport['probe']): unknown[] {
  return Object.values(probe ?? {}).map((path) =>
    typeof path === 'object' && path !== null && 'certificate_days_left' in path
      ? path.certificate_days_left
      : undefined,
  );
}
