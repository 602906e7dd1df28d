import type { Metrics } from '../../observe/metrics.ts';
import { answer } from '../answer.ts';
import type { Route } from '../route.ts';

export type MetricsParts = { readonly metrics: Pick<Metrics, 'text' | 'contentType'> };

export const metricsRoute: Route<MetricsParts> = {
  method: 'get',
  path: '/metrics',
  operation: {
    summary: 'Get the metrics for Prometheus',
    answers: { 200: { description: 'Metrics', content: { 'text/plain': { schema: { type: 'string' } } } } },
  },
  createHandler:
    ({ metrics }) =>
    async (_req, res) => {
      const text = await metrics.text();
      answer(res, { type: metrics.contentType, body: text });
    },
};
