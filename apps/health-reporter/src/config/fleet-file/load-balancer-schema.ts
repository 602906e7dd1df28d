import { nodeReportSchema } from '@turn-router/contract/registry';
import { z } from 'zod';
import { loadUnits, type LoadSource } from '../../fleet/load-source.ts';
import { knownFields } from './known-fields.ts';

const minutesSchema = z.number().min(0.01).max(1440).default(5);

const prometheusSchema = knownFields({
  endpoint: z
    .string()
    .regex(
      /^https?:\/\/(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)\/?$/,
      'Invalid endpoint: expected http:// or https:// and a host, without user, port or path',
    ),
  port: nodeReportSchema.shape.port.default(9090),
  query: z.string().min(1),
  unit: z.enum(loadUnits).default('bytesPerSecond'),
});

const queryFields = {
  intervalMinutes: minutesSchema,
  durationMinutes: minutesSchema,
  timeoutSeconds: z.number().min(0.05).max(60).default(5),
};

/** The schema of the field `loadBalancer`: the source of the nodes' load. */
export const loadBalancerSchema = z.discriminatedUnion(
  'algorithm',
  [
    knownFields({ algorithm: z.literal('metrics'), ...queryFields, prometheus: prometheusSchema }),
    // With "random", the fields of "metrics" are allowed and ignored.
    knownFields({ algorithm: z.literal('random'), ...queryFields, prometheus: prometheusSchema.optional() }).transform(
      ({ algorithm }) => ({ algorithm }),
    ),
  ],
  {
    error: ({ code }) => (code === 'invalid_union' ? 'Invalid algorithm: expected "metrics" or "random"' : undefined),
  },
) satisfies z.ZodType<LoadSource>;
