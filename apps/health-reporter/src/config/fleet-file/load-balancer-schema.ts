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
      'Invalid endpoint: expected http:// or https:// and a host, without user, port and path',
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

/** The file's `loadBalancer`: the source of the nodes' load. */
export const loadBalancerSchema = z.discriminatedUnion(
  'algorithm',
  [
    knownFields({ algorithm: z.literal('metrics'), ...queryFields, prometheus: prometheusSchema }),
    // The fields of "metrics" may stay in the file.
    knownFields({ algorithm: z.literal('random'), ...queryFields, prometheus: prometheusSchema.optional() }).transform(
      ({ algorithm }) => ({ algorithm }),
    ),
  ],
  {
    error: ({ code }) => (code === 'invalid_union' ? 'Invalid algorithm: expected "metrics" or "random"' : undefined),
  },
) satisfies z.ZodType<LoadSource>;
