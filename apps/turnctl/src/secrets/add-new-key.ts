import { isKeyId, type KeyRing } from '@turn-router/turn-credentials';
import { CommandFault } from '../command-fault.ts';

/** As many as HMAC-SHA256 and HKDF-SHA256 can make use of, bytes. */
const secretBytes = 32;

/**
 * The ring with a random key in front, of 256 bits.
 *
 * @param id of the new key; default: the day, UTC, `2026-11-21`
 * @throws CommandFault for an id that is none, or that stands in the ring
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
    throw new CommandFault(`The id "${newId}" stands in TURN_SECRETS: expected another, given by --id`);
  }
  return { keys: [{ id: newId, secret: randomBytes(secretBytes).toString('base64url') }, ...ring.keys] };
}
