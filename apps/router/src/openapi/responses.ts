import { problems, problemSchema, type ProblemCode } from '@turn-router/contract';
import type { z } from 'zod';

export const json = (schema: z.ZodType) => ({ 'application/json': { schema } });

/** One entry for each status that the codes can end in, naming the codes. Any route may fail. */
export function problemResponses(...expected: ProblemCode[]) {
  const codes: ProblemCode[] = [...expected, 'internal_error'];
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
