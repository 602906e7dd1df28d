import { hkdfSync } from 'node:crypto';

/** A constant for this purpose only. Another derivation from the same key with another constant gives unrelated values. */
const purpose = 'turn-router node secret 1';

/** Length of the derived secret, bytes. This is the length of the hash; a longer secret would have no more entropy. */
const secretBytes = 32;

/**
 * Derives the secret of one node's TURN server. Nobody can compute the master key or the secret of another node from this secret.
 * base64url(HKDF-SHA256(masterKey, no salt, info: purpose, line feed, node)), 43 characters that coturn and eturnal read unchanged.
 * Source: RFC 5869. The salt is optional (§3.1), and a random key of this length does not need a salt.
 *
 * @param masterKey the secret of a key in the routers' ring, encoded as UTF-8
 * @param node `<region>/<id>`
 */
export function nodeSecret(masterKey: string, node: string): string {
  return Buffer.from(hkdfSync('sha256', masterKey, '', `${purpose}\n${node}`, secretBytes)).toString('base64url');
}
