import { hkdfSync } from 'node:crypto';

/** Keeps what is derived here apart from whatever else may be derived from the same key one day. */
const purpose = 'turn-router node secret 1';

/** As many as the hash has: no more can be in it, bytes. */
const secretBytes = 32;

/**
 * The secret of one node's TURN server, and no other: who has it can make neither the master key nor another node's secret of it.
 * base64url(HKDF-SHA256(masterKey, no salt, info: purpose, line feed, node)), 43 characters that coturn and eturnal take as they are.
 * RFC 5869; no salt, as §3.1 allows for a key that is random and long enough by itself.
 *
 * @param masterKey the secret of a key in the routers' ring, as text in UTF-8
 * @param node `<region>/<id>`
 */
export function nodeSecret(masterKey: string, node: string): string {
  return Buffer.from(hkdfSync('sha256', masterKey, '', `${purpose}\n${node}`, secretBytes)).toString('base64url');
}
