import { apiKeyIdSchema } from '@turn-router/contract/registry';
import { InvalidArgumentError } from 'commander';
import type { z } from 'zod';

/** Parses an argument with a schema. @throws InvalidArgumentError with the message of the schema */
export function parsedArgument<T>(schema: z.ZodType<T>, text: string): T {
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(parsed.error.issues[0]?.message ?? 'Invalid.');
}

export function parseKeyId(text: string): string {
  return parsedArgument(apiKeyIdSchema, text);
}
