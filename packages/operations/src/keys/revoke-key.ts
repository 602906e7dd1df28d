import { assertNotLost, changeEntry } from '../entries.ts';
import { OperationError } from '../operation-error.ts';
import type { OperationParts } from '../operation-parts.ts';
import { printableEvent } from '../trail.ts';
import { keyFrom } from './stored-keys.ts';

export type RevokeKeyRequest = {
  readonly id: string;
  /** The secrets to delete: `all` deletes the key, `older` deletes the older of two secrets. */
  readonly secrets: 'all' | 'older';
};

/**
 * Deletes a key, or the older of its two secrets. `all` also deletes an invalid entry with this id.
 *
 * @throws OperationError `not_found`, `not_a_key`, `one_secret`, `keys_lost`, `conflict`
 */
export async function revokeKey(
  { keys, trail }: Pick<OperationParts, 'keys' | 'trail'>,
  actor: string,
  { id, secrets }: RevokeKeyRequest,
): Promise<void> {
  await assertNotLost(keys, 'keys_lost');
  const removeOlderSecret = createOlderSecretRemoval(id);
  await changeEntry(keys, id, (text) => ({ next: secrets === 'all' ? removeKey(text) : removeOlderSecret(text) }));
  trail.record(printableEvent({ actor, action: 'key.revoked', subject: id, detail: { secrets } }));
}

function removeKey(text: string | undefined): undefined {
  if (text === undefined) throw new OperationError('not_found');
}

/**
 * Removes the secret that was the older one when the key was first read. A concurrent change can make another secret the older one. That secret
 * may be in use, so it is not removed, and the request fails with `conflict`.
 */
function createOlderSecretRemoval(id: string): (text: string | undefined) => string {
  let olderSha256: string | undefined;
  return (text) => {
    const record = keyFrom(id, text);
    const [newest, older] = record.secrets;
    if (newest === undefined || older === undefined) throw new OperationError('one_secret');
    olderSha256 ??= older.sha256;
    if (older.sha256 !== olderSha256) throw new OperationError('conflict');
    return JSON.stringify({ ...record, secrets: [newest] });
  };
}
