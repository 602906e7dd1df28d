import { hkdfSync } from 'node:crypto';

/** Separates this key from other keys that may be derived from the same secret. */
const purpose = 'turn-router peers 1';

const keyBytes = 32;

/** PSK identity that clients send. There is only one key, so it reveals nothing. */
const identity = 'turn-router';

/** Ephemeral key exchange in addition to the shared key (RFC 7905, ECDHE_PSK): recorded traffic stays secret if PEER_SECRET leaks. */
const suite = {
  ciphers: 'ECDHE-PSK-CHACHA20-POLY1305',
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.2',
} as const;

/**
 * Derives the pre-shared key for TLS (RFC 4279) by HKDF-SHA256 (RFC 5869). Instead of certificates, both sides prove that they have PEER_SECRET, and
 * neither needs a name.
 */
function peerKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', purpose, keyBytes));
}

/** Options for `https.createServer` that let only routers with the same secret connect. */
export function serverTls(secret: string) {
  const key = peerKey(secret);
  // An identity would be refused with null, which the types forbid. A client with a wrong key fails anyway.
  return { ...suite, pskCallback: () => key };
}

/** Options for an `https.Agent` that connects only to routers with the same secret. */
export function clientTls(secret: string) {
  const psk = peerKey(secret);
  // Without certificates there are no names to check.
  return { ...suite, pskCallback: () => ({ psk, identity }), checkServerIdentity: () => undefined };
}
