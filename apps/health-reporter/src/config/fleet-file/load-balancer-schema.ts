import { nodeReportSchema } from '@turn-router/contract/registry';
import { z } from 'zod';
import { loadUnits, type LoadSource } from '../../fleet/load-source.ts';
import { knownFields } from './known-fields.ts';

const minutesSchema = z.number().min(0.01).max(1440).default(5);

/** The port of Prometheus, unless the endpoint has a port. */
const defaultPort = 9090;

const endpointSchema = z.string().superRefine((text, context) => {
  const problem = findEndpointProblem(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: `Invalid endpoint: ${problem}` });
});

const prometheusSchema = knownFields({
  endpoint: endpointSchema,
  port: nodeReportSchema.shape.port.optional(),
  query: z.string().min(1),
  unit: z.enum(loadUnits).default('bytesPerSecond'),
})
  .refine(({ endpoint, port }) => port === undefined || [undefined, port].includes(portInEndpoint(endpoint)), {
    path: ['port'],
    message: 'Differs from the port in endpoint: expected only one of them',
  })
  .transform(({ endpoint, port, ...rest }) => ({
    ...rest,
    endpoint,
    port: port ?? portInEndpoint(endpoint) ?? defaultPort,
  }));

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

function findEndpointProblem(text: string): string | undefined {
  const expected = 'expected http:// or https:// and a host, such as http://prometheus.internal';
  if (!/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text)) return expected;
  const { username, password, search, hash, pathname } = new URL(text);
  if (username + password !== '') {
    return 'a user is not supported: expected an endpoint without user, such as a local proxy that adds user and password';
  }
  if (search + hash !== '' || /[?#]$/.test(text)) return 'expected no query and no fragment';
  return /\/api\/v1(?:\/|$)/.test(pathname)
    ? 'expected the path before /api/v1, because the watch adds /api/v1/query'
    : undefined;
}

/** Returns the port that the text names, also if it is the default port of the scheme. */
function portInEndpoint(endpoint: string): number | undefined {
  const port = /^https?:\/\/[^/]*:(?<port>\d+)(?:\/|$)/i.exec(endpoint)?.groups?.['port'];
  return port === undefined ? undefined : Number(port);
}
