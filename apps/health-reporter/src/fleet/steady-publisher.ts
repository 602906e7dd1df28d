import type { NodeReport } from '@turn-router/contract/registry';
import type { ReportPublisher } from '../publish/report-publisher.ts';

/**
 * Publishes one node's reports, and as long as nothing has changed the very same one again. Figures that come every few minutes would
 * otherwise look like a node whose load never moves although it is given calls, which routers do not believe.
 *
 * @param answers how many answers the figures have come from: those of another answer are news although they are the same, so that
 *   routers can tell a node whose figures stand still for good
 */
export function createSteadyPublisher(publisher: ReportPublisher, answers: () => number): ReportPublisher {
  let last: { readonly news: string; readonly report: NodeReport } | undefined;
  return {
    put(key, report, ttlMs) {
      const news = `${answers()} ${newsOf(report)}`;
      if (last?.news !== news) last = { news, report };
      return publisher.put(key, last.report, ttlMs);
    },
    remove: (key) => publisher.remove(key),
    [Symbol.asyncDispose]: () => publisher[Symbol.asyncDispose](),
  };
}

/** All but what is new in each report, such as how long a probe took. Why a node is not healthy is worth telling. */
function newsOf({ seq: _seq, reported_at: _reportedAt, clock_offset_ms: _offset, probe, ...rest }: NodeReport): string {
  return JSON.stringify([rest, rest.status === 'healthy' ? certificateDays(probe) : probe]);
}

/** Of each path, where it has one: a certificate that comes to its end is not left standing at the days that it once had. */
function certificateDays(probe: NodeReport['probe']): unknown[] {
  return Object.values(probe ?? {}).map((path) =>
    typeof path === 'object' && path !== null && 'certificate_days_left' in path
      ? path.certificate_days_left
      : undefined,
  );
}
