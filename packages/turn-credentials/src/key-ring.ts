import { findSecretFaults } from './find-secret-faults.ts';

/** A secret that routers share with TURN servers (`static-auth-secret` in coturn, `secret` in eturnal), and the id of this secret in logs and reports. */
export type SigningKey = { readonly id: string; readonly secret: string };

/** The keys, newest first. If a node does not accept the newest key yet, an older key signs for this node. */
export type KeyRing = { readonly keys: readonly [SigningKey, ...SigningKey[]] };

export type ParsedKeyRing =
  | { readonly ok: true; readonly keyRing: KeyRing }
  | { readonly ok: false; readonly faults: readonly string[] };

const idPattern = /^[a-z0-9][a-z0-9-]{0,31}$/;

/**
 * Parses `id=secret[,id=secret…]`, newest first. A secret may contain `=`, but no comma and no white space.
 * Faults contain ids and positions in the list, but never a secret.
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

/** Writes a ring in the format that `parseKeyRing` reads: `id=secret[,id=secret…]`, newest first. */
export function keyRingText({ keys }: KeyRing): string {
  return keys.map(({ id, secret }) => `${id}=${secret}`).join(',');
}

/** Whether a text is a valid key id for node reports: 1–32 characters a–z, 0–9 and "-", not starting with "-". */
export function isKeyId(text: string): boolean {
  return idPattern.test(text);
}

/** Creates a ring of one secret, with the id `default`. */
export function keyRingFromSecret(secret: string): ParsedKeyRing {
  const key = { id: 'default', secret };
  const faults = findFaultsInRing(secret);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, keyRing: { keys: [key] } };
}

function findKeyFaults({ id, secret }: SigningKey, index: number, keys: readonly SigningKey[]): string[] {
  const place = `entry ${index + 1}`;
  // If the operator forgot the id, the text before the first "=" may be the secret. So the fault does not show this text.
  if (!isKeyId(id) || secret === '') {
    return [`${place}: expected "id=secret" with an id of 1–32 characters a–z, 0–9 and "-"`];
  }
  const repeated =
    keys.findIndex((key) => key.id === id) < index
      ? [`${place}: an earlier entry has the same id "${id}": expected unique ids`]
      : [];
  return [...repeated, ...findFaultsInRing(secret).map((fault) => `${place} ("${id}"): ${fault}`)];
}

function findFaultsInRing(secret: string): string[] {
  return /[\s,]/.test(secret)
    ? ['the secret contains white space or a comma: expected neither']
    : findSecretFaults(secret);
}
