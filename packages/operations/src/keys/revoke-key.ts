import { changeEntry } from '../entries.ts';
import { OperationError } from '../operation-error.ts';
import type { OperationParts } from '../operation-parts.ts';
import { printableEvent } from '../trail.ts';
import { keyFrom } from './stored-keys.ts';

export type RevokeKeyWish = {
  readonly id: string;
  /** Which of its secrets go: all, and the key with them, or the older of two. */
  readonly secrets: 'all' | 'older';
};

/**
 * Takes a key away, or the older of its secrets. As a whole also what is stored under that id and is no key.
 *
 * @throws OperationError `not_found`, `not_a_key`, `one_secret`, `conflict`
 */
export async function revokeKey(
  { keys, trail }: Pick<OperationParts, 'keys' | 'trail'>,
  actor: string,
  { id, secrets }: RevokeKeyWish,
): Promise<void> {
  const withoutOlder = createOlderSecretRemoval(id);
  await changeEntry(keys, id, (text) => ({ next: secrets === 'all' ? withoutAll(text) : withoutOlder(text) }));
  trail.record(printableEvent({ actor, action: 'key.revoked', subject: id, detail: { secrets } }));
}

function withoutAll(text: string | undefined): undefined {
  if (text === undefined) throw new OperationError('not_found');
}

/**
 * Takes away the secret that was the older one when the key was first read. When somebody else has changed the key meanwhile, another may be
 * the older one by now, and in use: it stays.
 */
function createOlderSecretRemoval(id: string): (text: string | undefined) => string {
  let meant: string | undefined;
  return (text) => {
    const record = keyFrom(id, text);
    const [newest, older] = record.secrets;
    if (newest === undefined || older === undefined) throw new OperationError('one_secret');
    meant ??= older.sha256;
    if (older.sha256 !== meant) throw new OperationError('conflict');
    return JSON.stringify({ ...record, secrets: [newest] });
  };
}
