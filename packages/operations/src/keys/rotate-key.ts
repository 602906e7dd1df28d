import { assertNotLost, changeEntry } from '../entries.ts';
import { OperationError } from '../operation-error.ts';
import type { OperationParts } from '../operation-parts.ts';
import { printableEvent } from '../trail.ts';
import type { NewKey } from './create-key.ts';
import { newSecret } from './new-secret.ts';
import { keyFrom } from './stored-keys.ts';

/**
 * Adds a second secret to a key. The first secret stays valid until it is revoked.
 *
 * @param changes `expiresAt`: the new expiry of the key, ISO 8601; undefined: the expiry does not change
 * @throws OperationError `not_found`, `not_a_key`, `two_secrets`, `keys_lost`, `conflict`
 */
export async function rotateKey(
  parts: Pick<OperationParts, 'keys' | 'trail' | 'nowMs' | 'randomBytes'>,
  actor: string,
  id: string,
  { expiresAt }: { readonly expiresAt?: string | undefined } = {},
): Promise<NewKey> {
  await assertNotLost(parts.keys, 'keys_lost');
  const { key, stored: secret } = newSecret(id, parts);
  const { record } = await changeEntry(parts.keys, id, (text) => {
    const before = keyFrom(id, text);
    if (before.secrets.length > 1) throw new OperationError('two_secrets');
    const expiry = expiresAt === undefined ? {} : { expires_at: expiresAt };
    const after = { ...before, secrets: [secret, ...before.secrets], ...expiry };
    return { next: JSON.stringify(after), record: after };
  });
  parts.trail.record(printableEvent({ actor, action: 'key.rotated', subject: id }));
  return { id, key, record };
}
