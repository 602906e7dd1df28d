import { findSecretFaults } from './find-secret-faults.ts';

/** A secret shared with TURN servers (`static-auth-secret` in coturn, `secret` in eturnal), and the id it goes by in logs and reports. */
export type SigningKey = { readonly id: string; readonly secret: string };

/** Newest first: the first key signs, the others are still accepted by some nodes. */
export type KeyRing = { readonly keys: readonly [SigningKey, ...SigningKey[]] };

export type ParsedKeyRing =
  { readonly ok: true; readonly keyRing: KeyRing } | { readonly ok: false; readonly faults: readonly string[] };

const idPattern = /^[a-z0-9][a-z0-9-]{0,31}$/;

/**
 * Reads `id=secret[,id=secret…]`, newest first. A secret may hold `=` but no comma and no white space.
 * The faults name ids and places in the list, never a secret.
 */
export function parseKeyRing(text: string): ParsedKeyRing {
  const keys = text.split(',').map((entry) => {
    const [id = '', ...secret] = entry.trim().split('=');
    return { id, secret: secret.join('=') };
  });
  const faults = keys.flatMap((key, index) => findKeyFaults(key, index, keys));
  const [newest, ...older] = keys;
  return newest === undefined || faults.length > 0
    ? { ok: false, faults }
    : { ok: true, keyRing: { keys: [newest, ...older] } };
}

/** What `parseKeyRing` reads: `id=secret[,id=secret…]`, newest first. */
export function keyRingText({ keys }: KeyRing): string {
  return keys.map(({ id, secret }) => `${id}=${secret}`).join(',');
}

/** 1–32 characters a–z, 0–9 and "-", as reports may name keys. */
export function isKeyId(text: string): boolean {
  return idPattern.test(text);
}

/** A ring of one secret that has no id of its own. */
export function keyRingFromSecret(secret: string): ParsedKeyRing {
  const key = { id: 'default', secret };
  const faults = findFaultsInRing(secret);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, keyRing: { keys: [key] } };
}

function findKeyFaults({ id, secret }: SigningKey, index: number, keys: readonly SigningKey[]): string[] {
  const place = `entry ${index + 1}`;
  // What stands before the first "=" may be the secret itself when the id was forgotten: it is not repeated.
  if (!isKeyId(id) || secret === '') {
    return [`${place}: expected "id=secret" with an id of 1–32 characters a–z, 0–9 and "-"`];
  }
  const repeated = keys.findIndex((key) => key.id === id) < index ? [`${place}: the id "${id}" stands twice`] : [];
  return [...repeated, ...findFaultsInRing(secret).map((fault) => `${place} ("${id}"): ${fault}`)];
}

function findFaultsInRing(secret: string): string[] {
  return /[\s,]/.test(secret) ? ['the secret holds white space or a comma'] : findSecretFaults(secret);
}
