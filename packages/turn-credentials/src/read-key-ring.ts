import { keyRingFromSecret, parseKeyRing, type KeyRing } from './key-ring.ts';

/** The two ways to give the secrets, under the names of their settings; an empty text counts as unset. */
export type KeyRingValues = { readonly TURN_SECRETS?: string | undefined; readonly TURN_SECRET?: string | undefined };

/** A ring where there is one and no fault; `field` names one of the two settings, `detail` never holds a secret. */
export type ReadKeyRing = { keyRing?: KeyRing; faults: { field: string; detail: string }[] };

/** The ring from TURN_SECRETS, else from TURN_SECRET. That exactly one of them is set is for the settings' own rules to say. */
export function readKeyRing({ TURN_SECRETS, TURN_SECRET }: KeyRingValues): ReadKeyRing {
  const field = TURN_SECRETS ? 'TURN_SECRETS' : 'TURN_SECRET';
  const text = TURN_SECRETS || TURN_SECRET;
  if (!text) return { faults: [] };
  const parsed = TURN_SECRETS ? parseKeyRing(text) : keyRingFromSecret(text);
  return parsed.ok
    ? { keyRing: parsed.keyRing, faults: [] }
    : { faults: parsed.faults.map((detail) => ({ field, detail })) };
}
