import { nodeReportSchema } from '@turn-router/contract/registry';
import { z } from 'zod';
import { knownFields } from './known-fields.ts';

/** What a figure of Prometheus counts; the first is that of the interface counters of exporters. */
export const loadUnits = ['bytesPerSecond', 'bitsPerSecond', 'megabitsPerSecond', 'cpuPercent'] as const;

export type LoadUnit = (typeof loadUnits)[number];

const minutesSchema = z.number().min(0.01).max(1440).default(5);

const prometheusSchema = knownFields({
  endpoint: z
    .string()
    .regex(
      /^https?:\/\/(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)\/?$/,
      'Invalid endpoint: expected http:// or https:// and a host, without user, port and path',
    ),
  port: nodeReportSchema.shape.port.default(9090),
  /** PromQL; each `%s` becomes the addresses of the nodes, for a `=~` matcher. */
  query: z.string().min(1),
  unit: z.enum(loadUnits).default('bytesPerSecond'),
});

const askedFields = {
  /** Between two questions. */
  intervalMinutes: minutesSchema,
  /** A node's load is its mean over this long. */
  durationMinutes: minutesSchema,
  /** How long Prometheus may take. */
  timeoutSeconds: z.number().min(0.05).max(60).default(5),
};

/** Where the load of the nodes comes from. */
export const loadBalancerSchema = z.discriminatedUnion(
  'algorithm',
  [
    knownFields({ algorithm: z.literal('metrics'), ...askedFields, prometheus: prometheusSchema }),
    // All that it does not need may stay in the file.
    knownFields({ algorithm: z.literal('random'), ...askedFields, prometheus: prometheusSchema.optional() }).transform(
      ({ algorithm }) => ({ algorithm }),
    ),
  ],
  {
    error: ({ code }) => (code === 'invalid_union' ? 'Invalid algorithm: expected "metrics" or "random"' : undefined),
  },
);

export type LoadSource = z.output<typeof loadBalancerSchema>;

/** How Prometheus is asked. */
export type PrometheusSource = Extract<LoadSource, { algorithm: 'metrics' }>;
