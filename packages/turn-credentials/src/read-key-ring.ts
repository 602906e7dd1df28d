import { keyRingFromSecret, parseKeyRing, type KeyRing, type ParsedKeyRing } from './key-ring.ts';

/** The two ways to give the secrets, under the names of their settings; an empty text counts as unset. */
export type KeyRingValues = { readonly TURN_SECRETS?: string | undefined; readonly TURN_SECRET?: string | undefined };

/** A ring where there is no fault; `field` names one of the two settings, `detail` never holds a secret. */
export type ReadKeyRing = { keyRing?: KeyRing; faults: { field: string; detail: string }[] };

/**
 * The ring from exactly one of the two settings.
 *
 * @param given names of the settings that are set, rightly or not: one whose file cannot be read is not missing as well.
 *   Default: those that have a value.
 */
export function readKeyRing(values: KeyRingValues, given: ReadonlySet<string> = namesWithValue(values)): ReadKeyRing {
  const { TURN_SECRETS, TURN_SECRET } = values;
  const faults = findChoiceFaults(given);
  if (TURN_SECRETS) return ringOrFaults('TURN_SECRETS', parseKeyRing(TURN_SECRETS), faults);
  if (TURN_SECRET) return ringOrFaults('TURN_SECRET', keyRingFromSecret(TURN_SECRET), faults);
  return { faults };
}

function namesWithValue(values: KeyRingValues): Set<string> {
  return new Set((['TURN_SECRETS', 'TURN_SECRET'] as const).filter((name) => values[name]));
}

function findChoiceFaults(given: ReadonlySet<string>): ReadKeyRing['faults'] {
  const hasRing = given.has('TURN_SECRETS');
  if (hasRing !== given.has('TURN_SECRET')) return [];
  return hasRing
    ? [{ field: 'TURN_SECRET', detail: 'Set together with TURN_SECRETS: expected only one of them' }]
    : [{ field: 'TURN_SECRETS', detail: 'Missing: expected TURN_SECRETS or TURN_SECRET' }];
}

function ringOrFaults(field: string, parsed: ParsedKeyRing, choiceFaults: ReadKeyRing['faults']): ReadKeyRing {
  const details = parsed.ok ? [] : parsed.faults;
  const faults = [...choiceFaults, ...details.map((detail) => ({ field, detail }))];
  return parsed.ok && faults.length === 0 ? { keyRing: parsed.keyRing, faults } : { faults };
}
