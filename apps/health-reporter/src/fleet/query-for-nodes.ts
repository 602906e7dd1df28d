import type { PrometheusSource } from './load-source.ts';

/** The mean is taken over one value per minute, but over at least five values. */
const stepMaxMs = 60_000;
const stepsMin = 5;

/**
 * Builds the PromQL for the mean of `query` over `durationMinutes`, by Prometheus' own clock. The marks of the older load balancer are replaced:
 *
 * - `%s` becomes the addresses joined by `|`, for a `=~` matcher. A dot becomes `[.]`, because a backslash has a different meaning in each kind of
 *   PromQL string. An address contains no other special character of regular expressions.
 * - `%%` becomes `%`.
 */
export function queryForNodes(
  { prometheus, durationMinutes }: Pick<PrometheusSource, 'durationMinutes'> & { prometheus: { query: string } },
  addresses: readonly string[],
): string {
  const pattern = addresses.map((address) => address.replaceAll('.', '[.]')).join('|');
  const query = prometheus.query.replaceAll(/%[s%]/g, (mark) => (mark === '%s' ? pattern : '%'));
  const durationMs = Math.round(durationMinutes * 60_000);
  const stepMs = Math.max(1, Math.min(stepMaxMs, Math.floor(durationMs / stepsMin)));
  // The query is on separate lines, because it may end in a comment.
  return `avg_over_time((\n${query}\n)[${durationMs}ms:${stepMs}ms])`;
}
