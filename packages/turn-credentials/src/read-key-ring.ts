import { keyRingFromSecret, parseKeyRing, type KeyRing } from './key-ring.ts';

/** The values of the two settings for secrets. An empty string counts as unset. */
export type KeyRingValues = { readonly TURN_SECRETS?: string | undefined; readonly TURN_SECRET?: string | undefined };

/** The ring, if it is set and has no faults. In a fault, `field` is the name of one of the two settings. `detail` never contains a secret. */
export type ReadKeyRing = { keyRing?: KeyRing; faults: { field: string; detail: string }[] };

/** Reads the ring from TURN_SECRETS. If TURN_SECRETS is unset, reads it from TURN_SECRET. The program that calls this function checks that exactly one of
 * the two settings is set. */
export function readKeyRing({ TURN_SECRETS, TURN_SECRET }: KeyRingValues): ReadKeyRing {
  const field = TURN_SECRETS ? 'TURN_SECRETS' : 'TURN_SECRET';
  const text = TURN_SECRETS || TURN_SECRET;
  if (!text) return { faults: [] };
  const parsed = TURN_SECRETS ? parseKeyRing(text) : keyRingFromSecret(text);
  return parsed.ok
    ? { keyRing: parsed.keyRing, faults: [] }
    : { faults: parsed.faults.map((detail) => ({ field, detail })) };
}
