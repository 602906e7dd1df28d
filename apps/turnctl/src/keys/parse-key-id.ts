import { apiKeyIdSchema } from '@turn-router/contract/registry';
import { parsedArgument } from '../parsed-argument.ts';

export function parseKeyId(text: string): string {
  return parsedArgument(apiKeyIdSchema, text);
}
