import type { ApiKeyRecord } from '@turn-router/contract/registry';
import { apiKeySecretBytes, formatApiKey, hashApiKey } from '@turn-router/turn-credentials';
import type { OperationParts } from '../operation-parts.ts';

export type NewSecret = {
  /** The key that the application sends. The key itself is never stored. */
  readonly key: string;
  /** The stored part: the hash of the key, and its creation time. */
  readonly stored: ApiKeyRecord['secrets'][number];
};

/** Generates a secret for the key with this id. */
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
