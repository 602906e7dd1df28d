import type { PrometheusSource } from './load-source.ts';

/** The mean is of a value a minute, or of five where that would be fewer. */
const stepMaxMs = 60_000;
const stepsMin = 5;

/**
 * The PromQL that asks for the mean of `query` over `durationMinutes`, by Prometheus' own clock. Each `%s` of the query becomes the
 * addresses joined by `|`, for a `=~` matcher, and `%%` becomes `%`, as in the older balancer. A dot becomes `[.]`: that needs no
 * backslash, which the three kinds of PromQL strings read differently; nothing else in an address means anything to a regular expression.
 */
export function queryForNodes(
  { prometheus, durationMinutes }: Pick<PrometheusSource, 'durationMinutes'> & { prometheus: { query: string } },
  addresses: readonly string[],
): string {
  const pattern = addresses.map((address) => address.replaceAll('.', '[.]')).join('|');
  const query = prometheus.query.replaceAll(/%[s%]/g, (mark) => (mark === '%s' ? pattern : '%'));
  const durationMs = Math.round(durationMinutes * 60_000);
  const stepMs = Math.max(1, Math.min(stepMaxMs, Math.floor(durationMs / stepsMin)));
  // On lines of its own: the query may end in a comment.
  return `avg_over_time((\n${query}\n)[${durationMs}ms:${stepMs}ms])`;
}
