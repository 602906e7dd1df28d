import type { ApiKeyRecord } from '@turn-router/contract/registry';
import { apiKeySecretBytes, formatApiKey, hashApiKey } from '@turn-router/turn-credentials';
import type { OperationParts } from '../operation-parts.ts';

export type NewSecret = {
  /** What the application shows; kept nowhere. */
  readonly key: string;
  /** What is stored of it. */
  readonly stored: ApiKeyRecord['secrets'][number];
};

export function newSecret(
  id: string,
  { nowMs, randomBytes }: Pick<OperationParts, 'nowMs' | 'randomBytes'>,
): NewSecret {
  const key = formatApiKey(id, randomBytes(apiKeySecretBytes));
  return {
    key,
    stored: { sha256: hashApiKey(key).toString('hex'), created_at: new Date(nowMs()).toISOString() },
  };
}
