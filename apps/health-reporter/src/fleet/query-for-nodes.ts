import type { PrometheusSource } from './load-source.ts';

/** The mean uses one value per minute, but at least five values. */
const stepMaxMs = 60_000;
const stepsMin = 5;

/**
 * Builds the PromQL for the mean of `query` over `durationMinutes`, by Prometheus' own clock. Each `%s` of the query becomes the addresses
 * joined by `|`, for a `=~` matcher, and `%%` becomes `%`, as in the older balancer. A dot becomes `[.]`, since the three kinds of PromQL
 * strings read a backslash differently. An address contains no other special character of regular expressions.
 */
export function queryForNodes(
  { prometheus, durationMinutes }: Pick<PrometheusSource, 'durationMinutes'> & { prometheus: { query: string } },
  addresses: readonly string[],
): string {
  const pattern = addresses.map((address) => address.replaceAll('.', '[.]')).join('|');
  const query = prometheus.query.replaceAll(/%[s%]/g, (mark) => (mark === '%s' ? pattern : '%'));
  const durationMs = Math.round(durationMinutes * 60_000);
  const stepMs = Math.max(1, Math.min(stepMaxMs, Math.floor(durationMs / stepsMin)));
  // The query has its own lines, since it may end in a comment.
  return `avg_over_time((\n${query}\n)[${durationMs}ms:${stepMs}ms])`;
}
