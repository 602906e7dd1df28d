import { hkdfSync } from 'node:crypto';

/** Separates this derivation from any other derivation from the same key. */
const purpose = 'turn-router node secret 1';

/** Length of the derived secret, bytes: the length of the hash, which limits its entropy. */
const secretBytes = 32;

/**
 * Derives the secret of one node's TURN server. From this secret nobody can compute the master key or another node's secret.
 * base64url(HKDF-SHA256(masterKey, no salt, info: purpose, line feed, node)), 43 characters that coturn and eturnal take as they are.
 * Source: RFC 5869. §3.1 makes the salt optional; a random key of this length does not need one.
 *
 * @param masterKey the secret of a key in the routers' ring, encoded as UTF-8
 * @param node `<region>/<id>`
 */
export function nodeSecret(masterKey: string, node: string): string {
  return Buffer.from(hkdfSync('sha256', masterKey, '', `${purpose}\n${node}`, secretBytes)).toString('base64url');
}
