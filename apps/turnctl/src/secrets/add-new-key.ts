import { isKeyId, type KeyRing } from '@turn-router/turn-credentials';
import { CommandFault } from '../command-fault.ts';

/** Length of a new secret, bytes. HMAC-SHA256 and HKDF-SHA256 gain nothing from more than 256 random bits. */
const secretBytes = 32;

/**
 * Returns the ring with a new random key of 256 bits as its first key.
 *
 * @param id id of the new key; default: the UTC day, such as `2026-11-21`
 * @throws CommandFault if the id is invalid or already in the ring
 */
export function addNewKey(
  ring: KeyRing,
  id: string | undefined,
  { unixMs, randomBytes }: { readonly unixMs: () => number; readonly randomBytes: (size: number) => Buffer },
): KeyRing {
  const newId = id ?? new Date(unixMs()).toISOString().slice(0, 'YYYY-MM-DD'.length);
  if (!isKeyId(newId)) {
    throw new CommandFault(`--id ${JSON.stringify(newId)}: expected 1–32 characters a–z, 0–9 and "-"`);
  }
  if (ring.keys.some((key) => key.id === newId)) {
    throw new CommandFault(`The id "${newId}" is already in TURN_SECRETS: choose another one with --id`);
  }
  return { keys: [{ id: newId, secret: randomBytes(secretBytes).toString('base64url') }, ...ring.keys] };
}
