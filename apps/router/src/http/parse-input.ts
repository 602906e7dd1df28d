import { faultsFromZodError } from '@turn-router/contract';
import type { z } from 'zod';
import { ProblemError } from '../problem-error.ts';

/**
 * Holds what a caller sent against its schema.
 *
 * @throws ProblemError `invalid_request` with every fault
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw ProblemError.fromFaults(faultsFromZodError(parsed.error));
  return parsed.data;
}
