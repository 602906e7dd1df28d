import { problems, problemSchema, type ProblemCode } from '@turn-router/contract/http';
import type { z } from 'zod';

export const json = (schema: z.ZodType) => ({ 'application/json': { schema } });

/** Of any route: it may fail, and a request may be one that is no HTTP, comes too slowly or has too much of a head. */
const anywhere = ['invalid_request', 'request_timeout', 'headers_too_large', 'internal_error'] as const;

/** One entry for each status that the codes can end in, naming the codes. */
export function problemResponses(...expected: ProblemCode[]) {
  const codes = [...new Set<ProblemCode>([...expected, ...anywhere])];
  const statuses = new Set(codes.map((code) => problems[code].status));
  return Object.fromEntries(
    [...statuses].map((status) => [
      status,
      {
        description: codes.filter((code) => problems[code].status === status).join(', '),
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]),
  );
}
